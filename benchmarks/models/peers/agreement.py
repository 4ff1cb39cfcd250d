"""Whether two detectors found the same boxes."""

from collections.abc import Sequence
from dataclasses import dataclass

from .answer import Box

LEAST_OVERLAP = 0.95
MOST_SCORE_APART = 0.01


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many boxes of either side have a twin on the other, out of how many."""

    twins: int
    boxes: int


def agreement(ours: Sequence[Sequence[Box]], theirs: Sequence[Sequence[Box]]) -> Agreement:
    """Compare image by image.

    Twins are of one class, overlap by 0.95 and differ by 0.01 in score at most. Boxes that have
    no inside, as where one lies beside the frame, are nobody's findings.
    """
    twins = [
        any(_are_twins(box, other) for other in others)
        for one, another in zip(ours, theirs, strict=True)
        for boxes, others in ((one, another), (another, one))
        for box in boxes
        if _has_inside(box)
    ]
    return Agreement(sum(twins), len(twins))


def _are_twins(box: Box, other: Box) -> bool:
    alike = box[5] == other[5] and abs(box[4] - other[4]) <= MOST_SCORE_APART
    return alike and overlap(box, other) >= LEAST_OVERLAP


def _has_inside(box: Box) -> bool:
    return box[2] - box[0] >= 1 and box[3] - box[1] >= 1


def overlap(one: Box, other: Box) -> float:
    """Return intersection over union."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(width, 0.0) * max(height, 0.0)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return shared / max(areas - shared, 1e-9)
