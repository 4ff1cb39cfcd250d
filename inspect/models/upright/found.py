"""Whether good images each show one part alone on a background, and where."""

from collections.abc import Sequence

import cv2
import numpy as np

from ...core.upright import Edges
from .ground import Colours
from .seek import Part, seek

FOUND_SHARE = 0.9
"""Of the good images, in which one part stands out alone and has the usual area."""
USUAL_AREA = (0.6, 1.6)
PART_AREA = (0.005, 0.7)
"""Of the frame; what is smaller is dust, what is larger fills the frame."""
LEAST_DOMINANCE = 0.75
LEAST_CONTRAST = 1.5
"""How many times farther from the background a part must be than its surroundings are."""


def found_in(smalls: Sequence[Colours]) -> tuple[Edges, list[Part]] | None:
    """Return the edges that show background, and the parts found when that is so.

    None where too few of these small copies show a part alone.
    """
    trials = [(edges, _alike(_alone(smalls, edges))) for edges in Edges]
    edges, parts = max(trials, key=lambda trial: len(trial[1]))
    return (edges, parts) if len(parts) >= FOUND_SHARE * len(smalls) else None


def _alone(smalls: Sequence[Colours], edges: Edges) -> list[Part]:
    sought = (seek(small, edges) for small in smalls)
    return [part for part in sought if part is not None and part.dominance > LEAST_DOMINANCE]


def _alike(parts: list[Part]) -> list[Part]:
    """Return the parts of the usual area, or none where that is no part's area at all."""
    if not parts:
        return []
    usual = float(np.median([part.area for part in parts]))
    contrast = float(np.median([_contrast(part) for part in parts]))
    if not PART_AREA[0] <= usual <= PART_AREA[1] or contrast < LEAST_CONTRAST:
        return []
    return [part for part in parts if USUAL_AREA[0] <= part.area / usual <= USUAL_AREA[1]]


def _contrast(part: Part) -> float:
    distance = part.found.distance
    near = np.asarray(cv2.dilate(part.mask, np.ones((3, 3), np.uint8)), np.bool_)
    wide = np.asarray(cv2.dilate(part.mask, np.ones((9, 9), np.uint8)), np.bool_)
    around = distance[wide & ~near]
    outside = float(np.percentile(around, 75)) if around.size else 0.0
    return float(np.median(distance[part.mask > 0])) / (outside + 1)
