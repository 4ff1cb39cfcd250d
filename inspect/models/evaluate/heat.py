"""An anomaly map laid over its frame."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ...core.judgement import AnomalyMap
from ..placed import Affine, Placed


def heat_of(anomaly_map: AnomalyMap, placed: Placed) -> NDArray[np.float32]:
    """Return how strange each pixel of the frame is, float32 (height, width).

    Between the middles of cells it changes evenly. What of the frame was not laid into the input
    is as strange as the map's lowest cell.
    """
    size = placed.frame_width_px, placed.frame_height_px
    way = _cells_to_frame(anomaly_map, placed)
    heat = cv2.warpAffine(
        anomaly_map, way, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    if _leaves_out(placed):
        cv2.copyTo(np.full_like(heat, anomaly_map.min()), _unseen(placed), heat)
    return np.asarray(heat, np.float32)


def _cells_to_frame(anomaly_map: AnomalyMap, placed: Placed) -> Affine:
    """Return the way from a cell's column and row to the pixel of the frame it is the middle of."""
    rows, columns = anomaly_map.shape
    height_px, width_px = placed.pixels.shape[:2]
    across, down = width_px / columns, height_px / rows
    cells_to_input = np.array([[across, 0, across / 2], [0, down, down / 2], [0, 0, 1]])
    way: Affine = placed.to_frame @ cells_to_input
    way[:, 2] -= 0.5  # the middle of pixel 0 lies at 0.5
    return way


def _leaves_out(placed: Placed) -> bool:
    """Say whether a corner of the frame lies outside the input."""
    height_px, width_px = placed.pixels.shape[:2]
    back = np.asarray(cv2.invertAffineTransform(placed.to_frame), np.float64)
    frame = _corners(placed.frame_width_px, placed.frame_height_px)
    corners = (back @ frame.T).T.round(6)
    return bool((corners < 0).any() or (corners > (width_px, height_px)).any())


def _unseen(placed: Placed) -> NDArray[np.uint8]:
    """Return 255 for the pixels of the frame that lie outside the input, else 0."""
    height_px, width_px = placed.pixels.shape[:2]
    inside = (placed.to_frame @ _corners(width_px, height_px).T).T - 0.5
    unseen = np.full((placed.frame_height_px, placed.frame_width_px), 255, np.uint8)
    cv2.fillConvexPoly(unseen, inside.round().astype(np.int32), 0)
    return unseen


def _corners(width_px: float, height_px: float) -> NDArray[np.float64]:
    """Return the corners of an area as points (x, y, 1), around it: (4, 3)."""
    return np.array(
        [(0, 0, 1), (width_px, 0, 1), (width_px, height_px, 1), (0, height_px, 1)], np.float64
    )
