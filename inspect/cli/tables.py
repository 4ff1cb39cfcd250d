"""Results in lines and tables for a person."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from ..core.finding import Finding
from ..core.inspection import Inspection
from ..core.manifest import KnownDefects, ThresholdBasis
from ..core.verdict import Verdict
from .terminal import plain

WORDS = {Verdict.PASS: "OK", Verdict.FAIL: "NG", Verdict.REVIEW: "review"}
COLOURS = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.REVIEW: "yellow"}

MOST_CLASSES = 3
"""Named for one part; the strongest say enough."""


def word(verdict: Verdict) -> Text:
    """Return a verdict as the line says it, in its colour."""
    return Text(WORDS[verdict], COLOURS[verdict])


def inspection_lines(inspected: Iterable[tuple[Path, Inspection]]) -> Iterable[Text]:
    """Return a line for each file, the strangest part first; unjudged parts lead."""
    for file, inspection in sorted(inspected, key=lambda each: -_strangeness(each[1])):
        verdict = word(inspection.verdict)
        verdict.pad_right(7 - len(verdict.plain))
        why = "; ".join(reason.text for reason in inspection.reasons)
        score = f"{number(inspection.score):>7}  "
        found = plain(found_words(inspection.findings))
        yield Text.assemble(
            verdict, score, (f"{file}  ", "bold"), f"{found}  " if found else "", (why, "dim")
        )


def found_words(findings: Sequence[Finding]) -> str:
    """Return the classes of the strongest findings and how many each has, as `2 dent, 1 scratch`;
    nothing for none.
    """
    strongest = {each.class_name: 0 for each in sorted(findings, key=lambda each: -each.score)}
    counts = strongest | Counter(each.class_name for each in findings)
    words = [f"{count} {name}" for name, count in counts.items()]
    more = [f"{len(words) - MOST_CLASSES} classes more"] if len(words) > MOST_CLASSES else []
    return ", ".join(words[:MOST_CLASSES] + more)


def threshold_sentence(basis: ThresholdBasis) -> str:
    """Return what a threshold promises, in words."""
    promise = f"threshold {basis.value:.3g}, from {basis.good_parts} good parts"
    if basis.overkill_bound is None or basis.confidence is None:
        return promise
    return (
        f"{promise}: at most {basis.overkill_bound:.1%} of good parts like these will be NG "
        f"(with {basis.confidence:.0%} confidence, by cross-validation; `edgeinspect threshold` on "
        "good parts kept apart promises it of this very model)"
    )


def known_lines(known: KnownDefects | None) -> Iterator[str]:
    """Yield a line on each class of defects that a model knows."""
    for each in known.classes if known else ():
        line = f"{each.name}: {each.examples} marked"
        if each.held_out_parts:
            line += (
                f", of {each.held_out_parts} parts {each.held_out_caught} reach the threshold of "
                "models taught without them"
            )
        yield line


def pairs_table(title: str, pairs: Mapping[str, Any]) -> Table:
    """Return one row for each name and value."""
    table = Table("what", "value", title=title, title_justify="left")
    for name, value in pairs.items():
        table.add_row(name, number(value))
    return table


def percent(share: float) -> str:
    """Return a share, 0 to 1, as few digits as say it."""
    return f"{100 * share:.4g} %"


def _strangeness(inspection: Inspection) -> float:
    return inf if inspection.score is None else inspection.score


def number(value: Any) -> str:
    """Return a value in four digits, - for none."""
    if value is None:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{name} {number(part)}" for name, part in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)
