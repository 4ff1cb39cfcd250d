"""How an anomaly map becomes findings; a change here is a new version, named in manifests."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.finding import BoxPx, Finding

FINDINGS_FUNCTION = "anomaly-map/1"
MAX_FINDINGS = 32

AnomalyMap = NDArray[np.float32]
"""Anomaly of every cell of a grid over the frame, (rows, columns)."""


def findings_from_map(
    anomaly_map: AnomalyMap, threshold: float, width_px: int, height_px: int
) -> tuple[Finding, ...]:
    """Return one finding for each group of touching cells at or above `threshold`.

    Cells touch at edges and corners. A box covers its cells, in pixels of a frame of
    `width_px` x `height_px`; its score is that of its highest cell. The strongest come first,
    `MAX_FINDINGS` at most.
    """
    above = anomaly_map >= threshold
    if not above.any():
        return ()
    count, groups = cv2.connectedComponents(above.astype(np.uint8), connectivity=8)
    grid = np.asarray(groups)
    found = [
        Finding(
            score=float(anomaly_map[grid == group].max()),
            box_px=_box_px(grid == group, width_px, height_px),
        )
        for group in range(1, count)
    ]
    return tuple(sorted(found, key=lambda finding: -finding.score)[:MAX_FINDINGS])


def _box_px(cells: NDArray[np.bool_], width_px: int, height_px: int) -> BoxPx:
    rows, columns = np.flatnonzero(cells.any(axis=1)), np.flatnonzero(cells.any(axis=0))
    down, across = height_px / cells.shape[0], width_px / cells.shape[1]
    return (
        float(columns[0] * across),
        float(rows[0] * down),
        float((columns[-1] + 1) * across),
        float((rows[-1] + 1) * down),
    )
