"""Results in lines and tables for a person."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from ..core.counted import counted
from ..core.finding import Finding
from ..core.inspection import Inspection
from ..core.manifest import KnownDefects, ThresholdBasis
from ..core.verdict import Verdict
from .terminal import plain

WORDS = {Verdict.PASS: "OK", Verdict.FAIL: "NG", Verdict.REVIEW: "review"}
COLOURS = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.REVIEW: "yellow"}

MOST_CLASSES = 3
"""Named for one part; the strongest say enough."""
SCORES_SAID = (
    "first the score of the whole part, in brackets the highest score of a class's findings: each "
    "is of one place, so it may be higher or lower; all are on the scale of the threshold"
)


def word(verdict: Verdict) -> Text:
    """Return a verdict as the line says it, in its colour."""
    return Text(WORDS[verdict], COLOURS[verdict])


def inspection_lines(inspected: Sequence[tuple[Path, Inspection]]) -> Iterator[Text]:
    """Yield a line for each file, the strangest part first; unjudged parts lead. Where there are
    findings, what their scores are follows.
    """
    for file, inspection in sorted(inspected, key=lambda each: -_strangeness(each[1])):
        verdict = word(inspection.verdict)
        verdict.pad_right(7 - len(verdict.plain))
        score = f"{number(inspection.score):>7}  "
        found = plain(found_words(inspection.findings))
        yield Text.assemble(
            verdict,
            score,
            (f"{plain(str(file))}  ", "bold"),
            f"{found}  " if found else "",
            (_why(file, inspection), "dim"),
        )
    if any(inspection.findings for _, inspection in inspected):
        yield Text(SCORES_SAID, "dim")


def _why(file: Path, inspection: Inspection) -> str:
    """Return the reasons without the file's name, which leads its line."""
    texts = (plain(reason.text) for reason in inspection.reasons)
    return "; ".join(text.removeprefix(f"{plain(str(file))}: ") for text in texts)


def found_words(findings: Sequence[Finding]) -> str:
    """Return the classes of the strongest findings, how many each has and its highest score, as
    `2 dent (9.1), 1 scratch (8.2)`; nothing for none.
    """
    falling = sorted(findings, key=lambda each: -each.score)
    counts = Counter(each.class_name for each in falling)
    highest = {each.class_name: each.score for each in reversed(falling)}
    words = [f"{count} {name} ({highest[name]:.3g})" for name, count in counts.items()]
    left = len(words) - MOST_CLASSES
    more = [f"{counted(left, 'class', 'classes')} more"] if left > 0 else []
    return ", ".join(words[:MOST_CLASSES] + more)


def threshold_sentence(basis: ThresholdBasis) -> str:
    """Return what a threshold promises, in words."""
    promise = f"threshold {basis.value:.3g}, from {counted(basis.good_parts, 'good part')}"
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
                f", {each.held_out_caught} of {counted(each.held_out_parts, 'part')} caught by "
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
