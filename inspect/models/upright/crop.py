"""The rectangle around upright parts that is judged, and where in it parts lie."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...core.upright import OUTLINE_PX, WINDOW_PX, Crop
from .ground import SMALL_SIDE_PX, Floats
from .learn import Learned
from .seek import Mask, Part
from .template import Stance

MARGIN = 0.08
"""Of the longer side, left free in all around the part: what sticks out of a bad one is seen."""
LEEWAY = 0.03
"""Of the longer side, around the part: what is farther off is background, and is painted over."""
MOST_OBLONG = 3.0
"""Longer over shorter side: what is stretched further, the networks no longer know."""
OFTEN = 0.1
"""Of the good parts; where fewer reach to, they were laid wrongly."""
CANVAS_PX, CANVAS_WINDOWS = 192, 1.5
_MIDDLE_PX = CANVAS_PX / 2


@dataclass(frozen=True, slots=True)
class Coverage:
    """What good parts cover when they lie upright in the middle of a canvas, (CANVAS_PX,
    CANVAS_PX) of 0 and 1; `scale` is pixels of the canvas in one of the small copy.
    """

    mask: Mask
    scale: float


def coverage_of(parts: Sequence[Part], side_px: float, learned: Learned) -> Coverage:
    """Return what parts cover that were seen through windows of `side_px`."""
    scale = CANVAS_PX / (CANVAS_WINDOWS * side_px)
    covered = np.zeros((CANVAS_PX, CANVAS_PX), np.float32)
    for part, stance in zip(parts, learned.stances, strict=True):
        covered += _laid(part, stance, side_px, scale)
    return Coverage((covered > OFTEN * len(parts)).astype(np.uint8), scale)


def crop_around(coverage: Coverage, *, turns: bool) -> Crop:
    """Return the smallest rectangle around what is covered.

    For parts that are turned it has its longer side across, else it lies as the frame does.
    """
    rows, columns = np.nonzero(coverage.mask)
    points = np.stack([columns, rows], axis=1).astype(np.float32) + 0.5
    place, size, turn_deg = _rectangle(points, turns=turns)
    canvas_px = coverage.scale * SMALL_SIDE_PX
    right, down = (np.array(place) - _MIDDLE_PX) / canvas_px
    width, height = np.array(size) / canvas_px
    longer = max(width, height)
    return Crop(
        right=right,
        down=down,
        width=max(width, longer / MOST_OBLONG) + MARGIN * longer,
        height=max(height, longer / MOST_OBLONG) + MARGIN * longer,
        turn_deg=turn_deg,
    )


def outline_in(coverage: Coverage, crop: Crop) -> bytes:
    """Return where in the crop parts lie, with some leeway: uint8 (OUTLINE_PX, OUTLINE_PX)."""
    canvas_px = coverage.scale * SMALL_SIDE_PX
    reach_px = round(LEEWAY * max(crop.width, crop.height) * canvas_px)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach_px + 1, 2 * reach_px + 1))
    wide = np.asarray(cv2.dilate(coverage.mask * 255, disc), np.uint8)
    turn = np.radians(crop.turn_deg)
    across = np.array([np.cos(turn), np.sin(turn)]) * crop.width * canvas_px / OUTLINE_PX
    down = np.array([-np.sin(turn), np.cos(turn)]) * crop.height * canvas_px / OUTLINE_PX
    middle = np.array([crop.right, crop.down]) * canvas_px + _MIDDLE_PX - 0.5
    corner = middle - (OUTLINE_PX / 2 - 0.5) * (across + down)
    seen = cv2.warpAffine(
        wide,
        np.stack([across, down, corner], axis=1),
        (OUTLINE_PX, OUTLINE_PX),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    return np.asarray(seen, np.uint8).tobytes()


def middle_of(part: Part, stance: Stance, side_px: float) -> tuple[float, float]:
    """Return where in the small copy the middle of the template lies for this part."""
    scale = side_px / WINDOW_PX
    return part.x_px + stance.right_px * scale, part.y_px + stance.down_px * scale


def _laid(part: Part, stance: Stance, side_px: float, scale: float) -> Floats:
    """Return the part's mask upright in the middle of a canvas."""
    cos, sin = scale * np.cos(stance.turn), scale * np.sin(stance.turn)
    # From the middle of a pixel, where OpenCV counts from, to the same of the canvas.
    x, y = (place - 0.5 for place in middle_of(part, stance, side_px))
    right = _MIDDLE_PX - 0.5 - cos * x - sin * y
    down = _MIDDLE_PX - 0.5 + sin * x - cos * y
    affine = np.array([[cos, sin, right], [-sin, cos, down]], np.float64)
    mask = part.mask.astype(np.float32)
    return np.asarray(cv2.warpAffine(mask, affine, (CANVAS_PX, CANVAS_PX)), np.float32)


def _rectangle(
    points: NDArray[np.float32], *, turns: bool
) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Return middle, size and turn in degrees of a rectangle around `points`."""
    if not turns:
        left, top, wide, high = (float(each) for each in cv2.boundingRect(points))
        return (left + wide / 2, top + high / 2), (wide, high), 0.0
    (x, y), (width, height), turn_deg = cv2.minAreaRect(points)
    if width < height:
        return (x, y), (height, width), turn_deg - 90
    return (x, y), (width, height), turn_deg
