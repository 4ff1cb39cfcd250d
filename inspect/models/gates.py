"""Measures how well a part is seen, in the pixels that are judged."""

import cv2
import numpy as np

from ..core.gates import Gates
from .placed import Mask, Placed

FINE_PX, COARSE_PX = 3, 9
"""Sides of the boxes that part fine detail from coarse."""
STILL = 0.1  # grey levels: an empty frame has no detail to divide by


def gates_of(placed: Placed) -> Gates:
    """Return how the part laid into the input is seen.

    Focus is the mean of what a box of 3 pixels smooths away over that of what one of 9 smooths away
    after it. Unlike the variance of the Laplacian (Pech-Pacheco et al. 2000) it does not change
    with light and contrast, so that it can be held against other parts. Where a region leaves
    something out, its rim is, too: the step there is as sharp behind the dirtiest lens.
    """
    inside = None if placed.inside is None else _off_the_rim(placed.inside)
    grey = np.asarray(cv2.cvtColor(placed.pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    smooth = cv2.blur(grey, (FINE_PX, FINE_PX))
    fine = cv2.mean(cv2.absdiff(grey, smooth), inside)[0]
    coarser = cv2.blur(smooth, (COARSE_PX, COARSE_PX))
    coarse = cv2.mean(cv2.absdiff(smooth, coarser), inside)[0]
    mean, deviation = cv2.meanStdDev(grey, mask=inside)
    return Gates(
        focus=round(fine / (coarse + STILL), 4),
        brightness=round(float(mean[0, 0]), 2),
        contrast=round(float(deviation[0, 0]), 2),
        pose=placed.agreement,
    )


def _off_the_rim(inside: Mask) -> Mask:
    """Return what no box reaches out of; all of it where that is nothing."""
    reach = np.ones((FINE_PX + COARSE_PX - 1, FINE_PX + COARSE_PX - 1), np.uint8)
    inner = np.asarray(cv2.erode(inside, reach, borderValue=255), np.uint8)
    return inner if inner.any() else inside
