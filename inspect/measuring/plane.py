"""From places in a frame to places on the plane of the part."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.calibration import Calibration, Lens

Points = NDArray[np.float64]
"""(number, 2): right and down, from the left upper corner of the frame, in pixels or mm."""
Matrix = NDArray[np.float64]
"""(3, 3)."""


def on_plane(places_px: Points, calibration: Calibration) -> Points:
    """Return places of the frame in mm on the plane of the part."""
    if calibration.plane is None:
        return places_px * calibration.mm_per_px
    straight = places_px if calibration.lens is None else unbent(places_px, calibration.lens)
    plane = np.array(calibration.plane, np.float64).reshape(3, 3)
    return np.asarray(cv2.perspectiveTransform(straight[None], plane)[0], np.float64)


def unbent(places_px: Points, lens: Lens) -> Points:
    """Return where places of the frame would be, did the lens not bend."""
    # OpenCV counts from the middle of the first pixel.
    middle = np.ascontiguousarray(places_px[:, None] - 0.5)
    matrix, distortion = camera_of(lens), np.array(lens.distortion, np.float64)
    straight = cv2.undistortPoints(middle, matrix, distortion, P=matrix)
    return np.asarray(straight, np.float64).reshape(-1, 2) + 0.5


def camera_of(lens: Lens) -> Matrix:
    """Return the camera matrix."""
    (across, down), (right, below) = lens.focal_px, lens.centre_px
    return np.array([[across, 0, right], [0, down, below], [0, 0, 1]], np.float64)
