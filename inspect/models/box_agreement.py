"""Whether two lists of boxes say the same."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .answer import Boxes


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike two boxes of a class must be: overlap at least, scores apart at most."""

    overlap: float
    score: float


def boxes_agree(got: Boxes | None, wanted: Boxes | None, least: float, alike: Alike) -> bool:
    """Say whether each box of a score of `least` or more has a twin in the other list.

    Twins' scores may differ, so a box that near to `least` needs none.
    """
    if got is None or wanted is None:
        return got is wanted
    sure = least + alike.score
    return all(
        bool(have_twins(one[one[:, 4] >= sure], other, alike).all())
        for one, other in ((got, wanted), (wanted, got))
    )


def have_twins(boxes: Boxes, others: Boxes, alike: Alike) -> NDArray[np.bool_]:
    """Say of each box whether one of the others is its twin."""
    twins = (
        (overlaps(boxes, others) >= alike.overlap)
        & (np.abs(boxes[:, None, 4] - others[None, :, 4]) <= alike.score)
        & (boxes[:, None, 5] == others[None, :, 5])
    )
    return np.asarray(twins.any(axis=1))


def overlaps(boxes: Boxes, others: Boxes) -> NDArray[np.float32]:
    """Return the intersection over union of every pair, (boxes, others)."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:4], others[None, :, 2:4])
    shared = np.prod(np.maximum(high - low, 0), axis=2)
    total = _areas(boxes)[:, None] + _areas(others)[None, :] - shared
    return np.asarray(shared / np.maximum(total, 1e-9), np.float32)


def _areas(boxes: Boxes) -> NDArray[np.float32]:
    return np.asarray(np.prod(boxes[:, 2:4] - boxes[:, :2], axis=1), np.float32)
