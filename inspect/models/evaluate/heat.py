"""An anomaly map laid over its frame."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ...core.judgement import AnomalyMap
from ..placed import Affine, Placed


def heat_of(anomaly_map: AnomalyMap, placed: Placed) -> NDArray[np.float32]:
    """Return how strange each pixel of the frame is, float32 (height, width).

    Between the middles of cells it changes evenly; what the input did not show is as the border.
    """
    size = placed.frame_width_px, placed.frame_height_px
    return np.asarray(
        cv2.warpAffine(
            anomaly_map,
            _cells_to_frame(anomaly_map, placed),
            size,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )


def _cells_to_frame(anomaly_map: AnomalyMap, placed: Placed) -> Affine:
    """Return the way from a cell's column and row to the pixel of the frame it is the middle of."""
    rows, columns = anomaly_map.shape
    height_px, width_px = placed.pixels.shape[:2]
    across, down = width_px / columns, height_px / rows
    cells_to_input = np.array([[across, 0, across / 2], [0, down, down / 2], [0, 0, 1]])
    way: Affine = placed.to_frame @ cells_to_input
    way[:, 2] -= 0.5  # the middle of pixel 0 lies at 0.5
    return way
