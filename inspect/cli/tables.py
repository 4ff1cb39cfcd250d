"""Results in lines and tables for a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from ..core.inspection import Inspection
from ..core.manifest import ThresholdBasis
from ..core.verdict import Verdict

if TYPE_CHECKING:
    from ..models.evaluate import Evaluation
    from ..quality.rates import Rate

WORDS = {Verdict.PASS: "OK", Verdict.FAIL: "NG", Verdict.REVIEW: "review"}
COLOURS = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.REVIEW: "yellow"}
MANY_ESCAPES = 0.1


def word(verdict: Verdict) -> Text:
    """Return a verdict as the line says it, in its colour."""
    return Text(WORDS[verdict], COLOURS[verdict])


def inspection_lines(inspected: Iterable[tuple[Path, Inspection]]) -> Iterable[Text]:
    """Return a line for each file, the strangest part first; unjudged parts lead."""
    for file, inspection in sorted(inspected, key=lambda each: -_strangeness(each[1])):
        verdict = word(inspection.verdict)
        verdict.pad_right(7 - len(verdict.plain))
        why = "; ".join(reason.text for reason in inspection.reasons)
        score = f"{_number(inspection.score):>7}  "
        yield Text.assemble(verdict, score, (f"{file}  ", "bold"), (why, "dim"))


def evaluation_lines(result: "Evaluation") -> Sequence[str | Table]:
    """Return what an evaluation counted: over all images, and for each class."""
    lines: list[str | Table] = [
        f"{result.images} images, {result.good} good and {result.bad} bad, "
        f"threshold {result.threshold:.3g}",
        f"escapes   {result.escapes} of {result.bad} bad parts were OK{_rate(result.escape_rate)}",
        f"overkill  {result.overkill} of {result.good} good parts were NG"
        f"{_rate(result.overkill_rate)}",
        f"review    {result.review}, of which {result.unreadable} could not be read",
        f"ranking   image AUROC {_number(result.image_auroc)} (1 is perfect, 0.5 is guessing)",
        f"time      {result.ms_per_image:.1f} ms an image",
        _class_table(result),
    ]
    if result.bad and result.escapes > MANY_ESCAPES * result.bad:
        lines.append(
            "Many bad parts escape. A lower threshold in a recipe catches more and fails more "
            "good ones: see docs/guides/qa-engineer.md."
        )
    return lines


def threshold_sentence(basis: ThresholdBasis) -> str:
    """Return what a threshold promises, in words."""
    promise = f"threshold {basis.value:.3g}, from {basis.good_parts} good parts"
    if basis.overkill_bound is None or basis.confidence is None:
        return promise
    return (
        f"{promise}: at most {basis.overkill_bound:.1%} of good parts like these will be NG "
        f"(with {basis.confidence:.0%} confidence)"
    )


def pairs_table(title: str, pairs: Mapping[str, Any]) -> Table:
    """Return one row for each name and value."""
    table = Table("what", "value", title=title, title_justify="left")
    for name, value in pairs.items():
        table.add_row(name, _number(value))
    return table


def _strangeness(inspection: Inspection) -> float:
    return inf if inspection.score is None else inspection.score


def _class_table(result: "Evaluation") -> Table:
    table = Table("class", "images", "OK", "NG", "review")
    for each in result.classes:
        table.add_row(*(str(value) for value in asdict(each).values()))
    return table


def _rate(rate: "Rate | None") -> str:
    if rate is None:
        return ""
    return f": {rate.value:.1%} (95 % interval {rate.low:.1%} to {rate.high:.1%})"


def _number(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_number(part)}" for name, part in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)
