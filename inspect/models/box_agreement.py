"""Whether two lists of boxes say the same."""

import numpy as np
from numpy.typing import NDArray

from .answer import Boxes

LEAST_OVERLAP = 0.98
"""Intersection over union of one box in two runtimes, which differ by less than 0.1 px."""


def boxes_agree(got: Boxes | None, wanted: Boxes | None, least: float, allowed: float) -> bool:
    """Say whether each box of a score of `least` or more has a twin of its class in the other list.

    Twins' scores differ by `allowed` at most, so a box that near to `least` needs none.
    """
    if got is None or wanted is None:
        return got is wanted
    pairs = ((got, wanted), (wanted, got))
    return all(_have_twins(one, other, least + allowed, allowed) for one, other in pairs)


def _have_twins(boxes: Boxes, others: Boxes, least: float, allowed: float) -> bool:
    sure = boxes[boxes[:, 4] >= least]
    twins = (
        (overlaps(sure, others) >= LEAST_OVERLAP)
        & (np.abs(sure[:, None, 4] - others[None, :, 4]) <= allowed)
        & (sure[:, None, 5] == others[None, :, 5])
    )
    return bool(twins.any(axis=1).all())


def overlaps(boxes: Boxes, others: Boxes) -> NDArray[np.float32]:
    """Return the intersection over union of every pair, (boxes, others)."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:4], others[None, :, 2:4])
    shared = np.prod(np.maximum(high - low, 0), axis=2)
    total = _areas(boxes)[:, None] + _areas(others)[None, :] - shared
    return np.asarray(shared / np.maximum(total, 1e-9), np.float32)


def _areas(boxes: Boxes) -> NDArray[np.float32]:
    return np.asarray(np.prod(boxes[:, 2:4] - boxes[:, :2], axis=1), np.float32)
