"""Where the part lies: the one thing that stands out from the background and touches no edge."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...core.upright import Edges
from .ground import LEAST_FREE_SHARE, Colours, Departure, Floats, at_edges, departure

LEAST_DISTANCE = 5.0
"""In deviations of the background's noise; nearer is background, whatever Otsu says."""
HANGING_ON = 8
"""How many times nearer to the background than Otsu's threshold the rest of a part may be."""
LEAST_AREA_PX = 30
BRIGHTEST_PERCENTILE = 99.5

Mask = NDArray[np.uint8]
"""1 where the part is, holes filled, else 0; (rows, columns) of the small copy."""


@dataclass(frozen=True, slots=True)
class Part:
    """What was found in a small copy; lengths in its pixels, (0, 0) its upper left corner.

    `ground` is the background as it would be without the part, `found` how the copy departs from
    it, `area` the part's share of the frame, `dominance` its share of all that stands out,
    `reach_px` from its centre to its farthest corner.
    """

    mask: Mask
    ground: Colours
    found: Departure
    x_px: float
    y_px: float
    area: float
    dominance: float
    reach_px: float


def seek(small: Colours, edges: Edges) -> Part | None:
    """Return the part, or None where nothing stands out whole.

    The background is first what lies along the edges, then all that did not stand out from it.
    """
    found = departure(small, at_edges(small.shape, edges))
    free = cv2.dilate(_standing_out(found.distance), np.ones((7, 7), np.uint8)) == 0
    if free.mean() > LEAST_FREE_SHARE:
        found = departure(small, np.asarray(free, np.bool_))
    return _largest(_whole(_standing_out(found.distance)), small, found)


def _standing_out(distance: Floats) -> Mask:
    """Return what is far from the background, by Otsu's threshold on the root of the distance, and
    all that hangs on to it and is not near: a part may be bright at one end and dull at the other.
    """
    root = np.sqrt(distance)
    top = float(np.percentile(root, BRIGHTEST_PERCENTILE)) + 1e-6
    grey = np.clip(root / top * 255, 0, 255).astype(np.uint8)
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)
    threshold = max((level / 255 * top) ** 2, LEAST_DISTANCE)
    far = _opened(distance > threshold)
    away = _opened(distance > max(threshold / HANGING_ON, LEAST_DISTANCE)) | far
    _, groups = cv2.connectedComponents(away, connectivity=4)
    grid = np.asarray(groups)
    return np.isin(grid, np.unique(grid[far > 0])).astype(np.uint8)


def _opened(mask: NDArray[np.bool_]) -> Mask:
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return np.asarray(opened, np.uint8)


def _whole(mask: Mask) -> Mask:
    """Return what does not touch an edge of the frame, small gaps closed."""
    _, groups = cv2.connectedComponents(mask, connectivity=4)
    grid = np.asarray(groups)
    cut = np.unique(np.concatenate([grid[0], grid[-1], grid[:, 0], grid[:, -1]]))
    inside = np.where(np.isin(grid, cut), 0, mask).astype(np.uint8)
    closed = cv2.morphologyEx(inside, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return np.asarray(closed, np.uint8)


def _largest(mask: Mask, small: Colours, found: Departure) -> Part | None:
    _, groups, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    areas = np.asarray(stats)[1:, cv2.CC_STAT_AREA]
    if not areas.size or areas.max() < LEAST_AREA_PX:
        return None
    own = (np.asarray(groups) == 1 + int(areas.argmax())).astype(np.uint8)
    outlines, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(own, outlines, -1, 1, cv2.FILLED)
    moments = cv2.moments(own, binaryImage=True)
    x, y = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    corners = np.concatenate([outline[:, 0] for outline in outlines]) - (x, y)
    return Part(
        mask=own,
        ground=small - found.levels,
        found=found,
        x_px=x + 0.5,
        y_px=y + 0.5,
        area=moments["m00"] / mask.size,
        dominance=float(areas.max() / areas.sum()),
        reach_px=float(np.hypot(*corners.T).max()),
    )
