"""What thresholds there are to choose from, in lines and tables for a person."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.table import Table

from ..core.counted import counted
from .evaluation_lines import remark_lines
from .tables import percent

if TYPE_CHECKING:
    from ..models.evaluate.choose import Choices
    from ..quality.binomial import BoundedRate
    from ..quality.tradeoff import OperatingPoint

MOST_ROWS = 10
_HEADS = ("threshold", "overkill", "escapes")


def choice_lines(choices: "Choices") -> Iterator[str | Table]:
    """Give the thresholds in force, promised and cheapest, and the trade-off between them."""
    unjudged = f" ({choices.unjudged} more could not be judged)" if choices.unjudged else ""
    yield (
        f"scores of the final model {choices.model.name} for {choices.good} good and "
        f"{counted(choices.bad, 'bad part')}{unjudged}; what follows holds only if it was not "
        "taught on these parts"
    )
    yield _choice_table(choices)
    if choices.prices is not None and choices.cheapest is None:
        yield "no least cost: it takes bad parts too; put some into test/CLASS."
    yield promise_sentence(choices)
    yield _needs_sentence(choices)
    if choices.bad:
        yield _class_table(choices)
    yield _curve_table(choices)
    yield from remark_lines(choices.remarks)


def promise_sentence(choices: "Choices") -> str:
    """Return what is promised of the parts that pass from now on, or why nothing is."""
    made = choices.promise
    if made.threshold is None or made.at_most is None:
        return refusal(choices)
    return (
        f"promised: from threshold {made.threshold:.4g} on at most {made.at_most:.2%} of good "
        f"parts like these will be NG (with {percent(made.confidence)} confidence), of the next "
        f"1,000 at most {choices.promised_of_1000}."
    )


def refusal(choices: "Choices") -> str:
    """Return why the good parts do not support the promise that was asked for."""
    made = choices.promise
    sure = percent(made.confidence)
    asked = f"an overkill of at most {percent(made.overkill)} with {sure} confidence"
    if made.parts_needed is None:
        return f"not promised: {asked} takes more than a million good parts; ask for less."
    missing = made.parts_needed - choices.good
    return (
        f"not promised: {asked} takes {counted(made.parts_needed, 'good part')} at least, "
        f"not {choices.good}; add {missing} or more, or ask for less."
    )


def _choice_table(choices: "Choices") -> Table:
    rows: dict[str, OperatingPoint | None] = {
        "in force": choices.in_force,
        f"{percent(choices.promise.overkill)} overkill": choices.promised,
        "least cost": choices.cheapest.point if choices.cheapest else None,
    }
    confidence = percent(choices.promise.confidence)
    table = _table(
        f"in brackets what it is at most, with {confidence} confidence, of parts like these",
        "choice",
        *_HEADS,
        *(["cost a part"] if choices.prices else []),
    )
    for name, point in rows.items():
        if point is not None:
            table.add_row(name, *_cells(point), *_cost(choices, point))
    return table


def _curve_table(choices: "Choices") -> Table:
    table = _table("the trade-off; these bounds hold whichever row you choose", *_HEADS)
    for point in _rows(choices):
        table.add_row(*_cells(point))
    return table


def _rows(choices: "Choices") -> "list[OperatingPoint]":
    """Return the lowest threshold for each of some numbers of overkill, none first."""
    lowest: dict[int, OperatingPoint] = {}
    for point in reversed(choices.curve):
        if point.overkill is not None:
            lowest[point.overkill.events] = point
    counts = sorted(lowest)
    wanted, following = [], 0
    for events in counts:
        if events >= following:
            wanted.append(lowest[events])
            following = max(events + 1, round(events * 1.6))
    return wanted[:MOST_ROWS]


def _class_table(choices: "Choices") -> Table:
    points = {"in force": choices.in_force, "promised": choices.promised}
    if choices.cheapest:
        points["least cost"] = choices.cheapest.point
    shown = {name: point for name, point in points.items() if point is not None}
    table = Table("escapes", *shown)
    for label in choices.in_force.escape_by_class:
        table.add_row(label, *(_counted(each.escape_by_class[label]) for each in shown.values()))
    return table


def _table(title: str, *heads: str) -> Table:
    return Table(*heads, title=title, title_justify="left")


def _cells(point: "OperatingPoint") -> tuple[str, ...]:
    return f"{point.threshold:.4g}", _counted(point.overkill), _counted(point.escape)


def _counted(rate: "BoundedRate | None") -> str:
    return f"{rate.events} of {rate.of} ({rate.at_most:.1%})" if rate else ""


def _cost(choices: "Choices", point: "OperatingPoint") -> tuple[str, ...]:
    if choices.prices is None or point.overkill is None or point.escape is None:
        return ()
    cost = choices.prices.cost(point.overkill.value, point.escape.value)
    at_most = choices.prices.cost(point.overkill.at_most, point.escape.at_most)
    return (f"{cost:.4g} ({at_most:.4g})",)


def _needs_sentence(choices: "Choices") -> str:
    needs = (f"{need.parts_needed:,} for {percent(need.overkill)}" for need in choices.needs)
    return f"good parts that a promise takes at least: {', '.join(needs)}"
