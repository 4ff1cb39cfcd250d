"""How an answer becomes findings; a change here is a new version, named in manifests."""

from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.finding import BoxPx, Finding
from ..core.judgement import AnomalyMap
from .answer import Answer
from .placed import Placed

MAX_FINDINGS = 32


def findings_of(answer: Answer, threshold: float, placed: Placed) -> tuple[Finding, ...]:
    """Return what in the answer reaches `threshold`, in pixels of the frame, the strongest first.

    `MAX_FINDINGS` at most.
    """
    if answer.anomaly_map is None:
        return ()
    return findings_from_map(answer.anomaly_map, threshold, placed)


def findings_from_map(
    anomaly_map: AnomalyMap, threshold: float, placed: Placed
) -> tuple[Finding, ...]:
    """Return one finding for each group of touching cells at or above `threshold`.

    Cells touch at edges and corners. A box covers its cells; its score is that of its highest
    cell. What lies wholly outside the frame is no finding.
    """
    above = anomaly_map >= threshold
    if not above.any():
        return ()
    count, groups, extents, _ = cv2.connectedComponentsWithStats(
        above.astype(np.uint8), connectivity=8
    )
    scores = np.full(count, -np.inf)
    np.maximum.at(scores, np.asarray(groups, np.int32)[above], anomaly_map[above])
    strongest = np.argsort(-scores[1:], kind="stable") + 1
    height_px, width_px = placed.pixels.shape[:2]
    cell_px = width_px / above.shape[1], height_px / above.shape[0]
    boxes = ((group, _box(extents[group], cell_px, placed)) for group in strongest)
    found = (Finding(score=float(scores[group]), box_px=box) for group, box in boxes if box)
    return tuple(islice(found, MAX_FINDINGS))


def _box(extent: NDArray[np.int32], cell_px: tuple[float, float], placed: Placed) -> BoxPx | None:
    """Return the box in the frame of cells from a left column and top row, so wide and high."""
    left, top, width, height = (int(cells) for cells in extent[:4])
    across, down = cell_px
    return placed.in_frame(
        (left * across, top * down, (left + width) * across, (top + height) * down)
    )
