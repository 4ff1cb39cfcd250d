"""The threshold that a detector's validation images support."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core.counted import counted
from ...core.manifest import ThresholdBasis
from ...datasets.labels.boxes import BoxedImage
from ..answer import Boxes
from ..box_agreement import overlaps

MATCHING_OVERLAP = 0.5
USUAL = 0.25
"""Where nothing can be measured: what ultralytics shows by default."""
LEAST, MOST = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Measured:
    """The boxes a model found in an image, in its pixels, and what is true of it."""

    found: Boxes
    image: BoxedImage


def threshold_from_boxes(measured: Sequence[Measured], where: str) -> ThresholdBasis:
    """Set the threshold of the best F1 of boxes, halfway to the next box below it.

    `where` says what images these were. Score and truth match at an overlap of 0.5.
    """
    good = sum(not each.image.boxes for each in measured)
    true = sum(len(each.image.boxes) for each in measured)
    scores, right = _matched(measured)
    if not right.any():
        method = f"the usual one: none of {counted(true, 'box', 'boxes')} of {where} was found"
        return ThresholdBasis(value=USUAL, method=method, good_parts=good)
    f1 = 2 * np.cumsum(right) / (np.arange(1, len(right) + 1) + true)
    best = int(f1.argmax())
    below = scores[best + 1] if best + 1 < len(scores) else 0.0
    value = float(np.clip((scores[best] + below) / 2, LEAST, MOST))
    of = f"{counted(true, 'box', 'boxes')} of {where}"
    method = f"where F1 of boxes is highest ({f1[best]:.2f}, {of})"
    return ThresholdBasis(value=value, method=method, good_parts=good)


def _matched(measured: Sequence[Measured]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the scores of all boxes found, the highest first, and which of them are right."""
    scores: list[float] = []
    right: list[bool] = []
    for each in measured:
        left_over = _rows(each.image)
        for box in each.found[np.argsort(-each.found[:, 4])]:
            fits = overlaps(box[None], left_over)[0] * (left_over[:, 5] == box[5])
            hit = bool(len(fits)) and float(fits.max()) >= MATCHING_OVERLAP
            left_over = np.delete(left_over, int(fits.argmax()), axis=0) if hit else left_over
            scores.append(float(box[4]))
            right.append(hit)
    order = np.argsort(-np.array(scores), kind="stable")
    return np.array(scores)[order], np.array(right, bool)[order]


def _rows(image: BoxedImage) -> Boxes:
    rows = [(*box.box_px, 1.0, box.class_index) for box in image.boxes]
    return np.asarray(rows, np.float32).reshape(-1, 6)
