"""What came out of a demo, counted against what was true."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ...core.inspection import Inspection
from ...core.verdict import Verdict
from ...datasets.layout import GOOD
from ...station.parcel import Counts


@dataclass(frozen=True, slots=True)
class Summary:
    """What a demo came to.

    `inspected` to `holes` count passes of the camera. `images`, `escapes` and `overkill` count
    parts: an image is one part however often it was played, so they compare with `evaluate`. An
    escape is a bad part that passed, overkill a good part that failed; null where it is not known
    which parts are bad.
    """

    inspected: int
    passed: int
    failed: int
    review: int
    published: int
    recorded: int
    holes: int
    images: int
    escapes: int | None
    overkill: int | None
    first_verdict_s: float | None
    taught_s: float | None


def true_label(image: Path, folder: Path) -> str | None:
    """Return what is true of an image: the sub-folder it lies in, None when it lies in none."""
    parts = image.relative_to(folder).parts
    return parts[-2] if len(parts) > 1 else None


def summarise(
    inspections: Sequence[Inspection],
    images: Sequence[Path],
    folder: Path,
    counts: Counts,
    *,
    holes: int,
    started_at: datetime,
    taught_s: float | None,
) -> Summary:
    """Count the inspections of a run that played `images` in this order from each boot's start."""
    played = {(images[(each.sequence - 1) % len(images)], each.verdict) for each in inspections}
    truth = {image: true_label(image, folder) for image in images}
    known = all(label is not None for label in truth.values())
    mistakes = [_mistake(truth[image], verdict) for image, verdict in played]
    return Summary(
        inspected=counts.inspected,
        passed=_count(inspections, Verdict.PASS),
        failed=_count(inspections, Verdict.FAIL),
        review=_count(inspections, Verdict.REVIEW),
        published=counts.published,
        recorded=len({each.id for each in inspections}),
        holes=holes,
        images=len({image for image, _ in played}),
        escapes=mistakes.count("escape") if known else None,
        overkill=mistakes.count("overkill") if known else None,
        first_verdict_s=_first_verdict_s(inspections, started_at),
        taught_s=taught_s,
    )


def _mistake(label: str | None, verdict: Verdict) -> str | None:
    if label == GOOD:
        return "overkill" if verdict is Verdict.FAIL else None
    return "escape" if verdict is Verdict.PASS else None


def _count(inspections: Iterable[Inspection], verdict: Verdict) -> int:
    return sum(each.verdict is verdict for each in inspections)


def _first_verdict_s(inspections: Sequence[Inspection], started_at: datetime) -> float | None:
    judged = [each for each in inspections if each.score is not None]
    if not judged:
        return None
    first = min(judged, key=lambda each: each.captured_at)
    timings = first.timings_ms
    judged_ms = timings.judge + timings.read + timings.measure + timings.decide
    spent_ms = timings.capture + judged_ms
    verdict_at = first.captured_at + timedelta(milliseconds=spent_ms)
    return round((verdict_at - started_at).total_seconds(), 3)
