"""How an answer becomes findings; a change here is a new version, named in manifests."""

from itertools import islice
from math import isfinite

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.finding import Finding
from ..core.judgement import AnomalyMap
from .answer import Answer
from .placed import Placed

MAX_FINDINGS = 32
HIGHEST_SHARE = 0.9
"""Of a map's highest cell: cells from there on are the finding where none reaches the threshold."""


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

    Where no cell reaches it, for a score says more than any one cell, the highest are taken.
    Cells touch at edges and corners. A box covers its cells; its score is that of its highest
    cell. What lies wholly outside the frame is no finding.
    """
    highest = float(anomaly_map.max())
    if not (isfinite(highest) and highest > 0):
        return ()
    above = anomaly_map >= min(threshold, HIGHEST_SHARE * highest)
    count, labels = cv2.connectedComponents(above.astype(np.uint8), connectivity=8)
    groups = np.asarray(labels, np.int32)
    scores = np.full(count, -np.inf)
    np.maximum.at(scores, groups[above], anomaly_map[above])
    strongest = np.argsort(-scores[1:], kind="stable") + 1
    found = (_finding(groups == group, float(scores[group]), placed) for group in strongest)
    return tuple(islice((finding for finding in found if finding is not None), MAX_FINDINGS))


def _finding(cells: NDArray[np.bool_], score: float, placed: Placed) -> Finding | None:
    height_px, width_px = placed.pixels.shape[:2]
    across, down = width_px / cells.shape[1], height_px / cells.shape[0]
    rows, columns = np.nonzero(cells)
    box = placed.in_frame(
        (
            float(columns.min() * across),
            float(rows.min() * down),
            float((columns.max() + 1) * across),
            float((rows.max() + 1) * down),
        )
    )
    if box is None:
        return None
    corners = [(columns + i, rows + j, np.ones_like(rows)) for i in (0, 1) for j in (0, 1)]
    outline = (placed.to_frame * (across, down, 1)) @ np.concatenate(corners, axis=1)
    cell_area_px = across * down * abs(np.linalg.det(placed.to_frame[:, :2]))
    return Finding(
        score=score,
        box_px=box,
        area_px=round(len(rows) * float(cell_area_px), 2),
        length_px=round(max(cv2.minAreaRect(outline.T.astype(np.float32))[1]), 2),
    )
