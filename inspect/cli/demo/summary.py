"""What came out of a demo, counted against what was true."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ...core.inspection import Inspection
from ...core.verdict import Verdict
from ...datasets.layout import GOOD
from ...station.outbox import Counts


@dataclass(frozen=True, slots=True)
class Judged:
    """Counts over the images that were played, each counted once however often it was played."""

    images: int
    escapes: int
    overkill: int
    review: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over parts; `escapes` and `overkill` are null where the truth is not known.

    An escape is a bad part that passed, overkill a good part that failed.
    """

    inspected: int
    passed: int
    failed: int
    review: int
    published: int
    recorded: int
    holes: int
    escapes: int | None
    overkill: int | None
    first_verdict_s: float | None
    taught_s: float | None
    per_image: Judged | None


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
    played = [(images[(each.sequence - 1) % len(images)], each.verdict) for each in inspections]
    truth = {image: true_label(image, folder) for image in images}
    known = all(label is not None for label in truth.values())
    wrong = [(image, _mistake(truth[image], verdict)) for image, verdict in played]
    return Summary(
        inspected=counts.inspected,
        passed=_count(inspections, Verdict.PASS),
        failed=_count(inspections, Verdict.FAIL),
        review=_count(inspections, Verdict.REVIEW),
        published=counts.published,
        recorded=len({each.id for each in inspections}),
        holes=holes,
        escapes=sum(kind == "escape" for _, kind in wrong) if known else None,
        overkill=sum(kind == "overkill" for _, kind in wrong) if known else None,
        first_verdict_s=_first_verdict_s(inspections, started_at),
        taught_s=taught_s,
        per_image=_per_image(played, wrong) if known else None,
    )


def _per_image(
    played: Iterable[tuple[Path, Verdict]], wrong: Iterable[tuple[Path, str | None]]
) -> Judged:
    mistakes = set(wrong)
    once = set(played)
    return Judged(
        images=len({image for image, _ in once}),
        escapes=sum(kind == "escape" for _, kind in mistakes),
        overkill=sum(kind == "overkill" for _, kind in mistakes),
        review=len({image for image, verdict in once if verdict is Verdict.REVIEW}),
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
    spent_ms = timings.capture + timings.judge + timings.decide
    verdict_at = first.captured_at + timedelta(milliseconds=spent_ms)
    return round((verdict_at - started_at).total_seconds(), 3)
