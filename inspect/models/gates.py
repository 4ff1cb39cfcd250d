"""Measures how well a part is seen, in the pixels that are judged."""

import cv2
import numpy as np

from ..core.gates import Gates
from .placed import Placed

FINE_PX, COARSE_PX = 3, 9
"""Sides of the boxes that part fine detail from coarse."""
STILL = 0.1  # grey levels: an empty frame has no detail to divide by


def gates_of(placed: Placed) -> Gates:
    """Return how the part laid into the input is seen.

    Focus is the mean of what a box of 3 pixels smooths away over that of what one of 9 smooths away
    after it. Unlike the variance of the Laplacian (Pech-Pacheco et al. 2000) it does not change
    with light and contrast, so that it can be held against other parts.
    """
    grey = np.asarray(cv2.cvtColor(placed.pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    smooth = cv2.blur(grey, (FINE_PX, FINE_PX))
    fine = cv2.mean(cv2.absdiff(grey, smooth))[0]
    coarse = cv2.mean(cv2.absdiff(smooth, cv2.blur(smooth, (COARSE_PX, COARSE_PX))))[0]
    mean, deviation = cv2.meanStdDev(grey)
    return Gates(
        focus=round(fine / (coarse + STILL), 4),
        brightness=round(float(mean[0, 0]), 2),
        contrast=round(float(deviation[0, 0]), 2),
        pose=placed.agreement,
    )
