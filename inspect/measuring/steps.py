"""Edges along profiles of grey, to a part of a pixel.

The slope of a profile is taken with the derivative of a Gaussian (Canny, 1986). An edge that the
lens blurred like a Gaussian has a slope of that form, so a parabola through the logarithms of the
three steepest samples has its top where the edge is (the Gaussian estimator of Fisher and Naidu,
"A comparison of algorithms for subpixel peak detection", 1996), and tells its width and height.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.gauge import Step

SMOOTHING_PX = 1.0
REACH = 4
MARGIN = 3
"""Samples at both ends of a profile where no edge is looked for."""
WHITE = 253.0
Profiles = NDArray[np.float32]
"""(number, samples) of grey, a pixel apart."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Steps:
    """Every sample of every profile as an edge: all are (number, samples).

    `height` is the step in grey levels, 0 where there is no edge; `at_px` is its place along the
    profile; `blur_px` the edge's width, as the sigma of a Gaussian, without our own smoothing;
    `white` says where its bright side is saturated.
    """

    height: Floats
    at_px: Floats
    blur_px: Floats
    white: NDArray[np.bool_]


def steps_of(profiles: Profiles, wanted: Step) -> Steps:
    """Return the edges of the kind that is wanted."""
    slope = _slope(profiles)
    rise = {Step.TO_BRIGHT: slope, Step.TO_DARK: -slope, Step.ANY: np.abs(slope)}[wanted]
    before, here, after = rise[:, :-2], rise[:, 1:-1], rise[:, 2:]
    top = (here > 0.05) & (here >= before) & (here > after) & (before > 0) & (after > 0)
    left, middle, right = (np.log(np.where(top, each, 1.0)) for each in (before, here, after))
    bend = np.where(top, 2 * middle - left - right, 1.0)
    top &= bend > 1e-3
    bend = np.where(top, bend, 1.0)
    shift = (right - left) / (2 * bend)
    width = 1 / np.sqrt(bend)
    height = np.exp(middle + shift**2 * bend / 2) * width * np.sqrt(2 * np.pi)
    at = np.arange(1, profiles.shape[1] - 1) + shift
    blur = np.sqrt(np.maximum(width**2 - SMOOTHING_PX**2, 0.0))
    white = cv2.dilate(profiles, np.ones((1, 7), np.uint8))[:, 1:-1] >= WHITE
    edge = min(MARGIN, profiles.shape[1] // 2)
    top[:, :edge] = top[:, top.shape[1] - edge :] = False
    return Steps(np.where(top, height, 0.0), np.where(top, at, 0.0), blur, white)


def _slope(profiles: Profiles) -> Floats:
    along = np.arange(-REACH, REACH + 1, dtype=np.float64)
    bell = np.exp(-(along**2) / (2 * SMOOTHING_PX**2))
    kernel = along * bell / (along**2 * bell).sum()
    line = profiles.astype(np.float64)
    found = cv2.filter2D(line, cv2.CV_64F, kernel[None], borderType=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float64)
