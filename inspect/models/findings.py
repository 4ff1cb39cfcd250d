"""How an answer becomes findings; a change here is a new version, named in manifests."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.finding import Finding
from ..core.judgement import AnomalyMap
from .answer import Answer
from .placement import Placed

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
    count, groups = cv2.connectedComponents(above.astype(np.uint8), connectivity=8)
    grid = np.asarray(groups)
    found = [_finding(anomaly_map, grid == group, placed) for group in range(1, count)]
    kept = [finding for finding in found if finding is not None]
    return tuple(sorted(kept, key=lambda finding: -finding.score)[:MAX_FINDINGS])


def _finding(anomaly_map: AnomalyMap, cells: NDArray[np.bool_], placed: Placed) -> Finding | None:
    rows, columns = np.flatnonzero(cells.any(axis=1)), np.flatnonzero(cells.any(axis=0))
    height_px, width_px = placed.pixels.shape[:2]
    down, across = height_px / cells.shape[0], width_px / cells.shape[1]
    box = placed.in_frame(
        (
            float(columns[0] * across),
            float(rows[0] * down),
            float((columns[-1] + 1) * across),
            float((rows[-1] + 1) * down),
        )
    )
    return Finding(score=float(anomaly_map[cells].max()), box_px=box) if box else None
