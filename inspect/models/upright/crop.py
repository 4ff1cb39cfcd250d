"""The rectangle around upright parts that is judged."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ...core.upright import WINDOW_PX, Crop
from .ground import SMALL_SIDE_PX
from .learn import Learned
from .seek import Part
from .template import Stance

MARGIN = 0.08
"""Of the longer side, left free in all around the part: what sticks out of a bad one is seen."""
MOST_OBLONG = 3.0
"""Longer over shorter side: what is stretched further, the networks no longer know."""
OFTEN = 0.1
"""Of the good parts; where fewer reach to, they were laid wrongly."""
CANVAS_PX, CANVAS_WINDOWS = 192, 1.5


def crop_around(parts: Sequence[Part], side_px: float, learned: Learned) -> Crop:
    """Return the smallest rectangle around upright good parts, seen through windows of `side_px`.

    For parts that are turned it has its longer side across, else it lies as the frame does.
    """
    scale = CANVAS_PX / (CANVAS_WINDOWS * side_px)
    covered = np.zeros((CANVAS_PX, CANVAS_PX), np.float32)
    for part, stance in zip(parts, learned.stances, strict=True):
        covered += _laid(part, stance, side_px, scale)
    rows, columns = np.nonzero(covered > OFTEN * len(parts))
    points = np.stack([columns, rows], axis=1).astype(np.float32) + 0.5
    place, size, turn_deg = _rectangle(points, turns=learned.template.turns)
    right, down = (np.array(place) - CANVAS_PX / 2) / scale / SMALL_SIDE_PX
    width, height = np.array(size) / scale / SMALL_SIDE_PX
    longer = max(width, height)
    return Crop(
        right=right,
        down=down,
        width=max(width, longer / MOST_OBLONG) + MARGIN * longer,
        height=max(height, longer / MOST_OBLONG) + MARGIN * longer,
        turn_deg=turn_deg,
    )


def middle_of(part: Part, stance: Stance, side_px: float) -> tuple[float, float]:
    """Return where in the small copy the middle of the template lies for this part."""
    scale = side_px / WINDOW_PX
    return part.x_px + stance.right_px * scale, part.y_px + stance.down_px * scale


def _laid(part: Part, stance: Stance, side_px: float, scale: float) -> NDArray[np.float32]:
    """Return the part's mask upright in the middle of a canvas."""
    cos, sin = scale * np.cos(stance.turn), scale * np.sin(stance.turn)
    # From the middle of a pixel, where OpenCV counts from, to the same of the canvas.
    x, y = (place - 0.5 for place in middle_of(part, stance, side_px))
    middle = CANVAS_PX / 2 - 0.5
    right, down = middle - cos * x - sin * y, middle + sin * x - cos * y
    affine = np.array([[cos, sin, right], [-sin, cos, down]], np.float64)
    mask = part.mask.astype(np.float32)
    return np.asarray(cv2.warpAffine(mask, affine, (CANVAS_PX, CANVAS_PX)), np.float32)


def _rectangle(
    points: NDArray[np.float32], *, turns: bool
) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Return middle, size and turn in degrees of a rectangle around `points`."""
    if not turns:
        left, top, across, down = cv2.boundingRect(points)
        return (left + across / 2, top + down / 2), (across, down), 0.0
    (x, y), (width, height), turn_deg = cv2.minAreaRect(points)
    if width < height:
        return (x, y), (height, width), turn_deg - 90
    return (x, y), (width, height), turn_deg
