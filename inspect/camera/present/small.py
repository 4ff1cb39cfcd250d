"""A picture made small enough to be looked at many times a second."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ...core.frame import Image
from .options import Present

ALONG, ACROSS = 160, 90
"""Pixels at most along the way of the parts and across it."""
LINES_READ = 3
"""Of the lines that become one, so many are read."""

Grey = NDArray[np.float32]
"""Grey values, float32, shape (across, along the way): parts move through it sideways."""


def small(image: Image, present: Present) -> Grey:
    """Return the band of a picture that is looked at, its way across the columns."""
    band = _band(image, present)
    height, width = band.shape[:2]
    most = (ALONG, ACROSS) if present.axis == "x" else (ACROSS, ALONG)
    size = min(most[0], width), min(most[1], height)
    read = band[:: max(1, height // (size[1] * LINES_READ))]
    shrunk = cv2.resize(read, size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(shrunk, cv2.COLOR_BGR2GRAY).astype(np.float32)
    return grey if present.axis == "x" else np.ascontiguousarray(grey.T)


def _band(image: Image, present: Present) -> Image:
    height, width = image.shape[:2]
    across = height if present.axis == "x" else width
    first = min(across - 1, int(across * present.band_from / 100))
    last = max(first + 1, round(across * present.band_to / 100))
    return image[first:last] if present.axis == "x" else image[:, first:last]
