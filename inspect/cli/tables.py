"""Results as tables for a person."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Table

from ..core.inspection import Inspection
from ..core.verdict import Verdict

if TYPE_CHECKING:
    from ..models.evaluate import Evaluation

COLOURS = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.REVIEW: "yellow"}


def inspection_table(inspections: Iterable[Inspection]) -> Table:
    """Return one row for each inspection."""
    table = Table("part", "verdict", "score", "threshold", "findings", "why")
    for each in inspections:
        table.add_row(
            each.part_id,
            f"[{COLOURS[each.verdict]}]{each.verdict}[/]",
            _number(each.score),
            _number(each.threshold),
            str(len(each.findings)),
            "; ".join(reason.text for reason in each.reasons),
        )
    return table


def evaluation_tables(result: "Evaluation") -> tuple[Table, Table]:
    """Return what an evaluation counted: over all images, and for each class."""
    whole = asdict(result)
    classes = whole.pop("classes")
    by_class = Table("class", "images", "OK", "NG", "review")
    for each in classes:
        by_class.add_row(*(str(value) for value in each.values()))
    return pairs_table("evaluation", whole), by_class


def pairs_table(title: str, pairs: Mapping[str, Any]) -> Table:
    """Return one row for each name and value."""
    table = Table("what", "value", title=title, title_justify="left")
    for name, value in pairs.items():
        table.add_row(name, _number(value))
    return table


def _number(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_number(part)}" for name, part in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)
