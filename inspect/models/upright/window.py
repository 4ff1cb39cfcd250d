"""A part seen through a square window about its centre, in views that light changes little."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ...core.upright import VIEWS, WINDOW_PX
from .seek import Part

SMOOTHING_PX = WINDOW_PX / 24
RELIEF_FLOOR = 0.02
MARGIN = 1.12
"""The window's side over twice the reach of a part."""

_GREY = np.full(3, 1 / 3, np.float32)

Views = NDArray[np.float32]
"""Relief, outline and edges of a part, (WINDOW_PX, WINDOW_PX, 3), each about -1 to 1."""


def views_of(part: Part, side_px: float, place: tuple[float, float] | None = None) -> Views:
    """Return the views of a part through a window of `side_px` of the small copy, as it lies.

    The window's middle is the part's, or `place`.

    The relief is what is lighter or darker than its surroundings, by its own local measure, the
    outline is the part's mask, edges are steps of grey: shading and lamps are mostly left out.
    """
    levels = np.dstack([part.found.levels @ _GREY, part.mask.astype(np.float32)])
    grey, outline = np.moveaxis(_through(levels, place or (part.x_px, part.y_px), side_px), 2, 0)
    outline = np.asarray(cv2.GaussianBlur(outline, (0, 0), 0.8), np.float32)
    return np.dstack([_relief(grey, outline), outline, _edges(grey, outline)])


def coded(views: Views) -> bytes:
    """Return views as the bytes a model keeps."""
    return np.clip(np.rint(views * 64 + 128), 0, 255).astype(np.uint8).tobytes()


def decoded(content: bytes) -> Views:
    """Return views from the bytes a model keeps."""
    levels = np.frombuffer(content, np.uint8).reshape(WINDOW_PX, WINDOW_PX, VIEWS)
    return np.asarray((levels.astype(np.float32) - 128) / 64, np.float32)


def _through(levels: Views, place: tuple[float, float], side_px: float) -> Views:
    scale = WINDOW_PX / side_px
    # Positions count from the corner of a pixel, OpenCV's from its middle.
    shift = [WINDOW_PX / 2 - scale * middle + scale / 2 - 0.5 for middle in place]
    affine = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float64)
    return np.asarray(cv2.warpAffine(levels, affine, (WINDOW_PX, WINDOW_PX)), np.float32)


def _relief(grey: Views, outline: Views) -> Views:
    inside = outline > 0.5
    spread = float(grey[inside].std()) + 1e-3
    even = (grey - float(grey[inside].mean())) / spread * outline
    around = _blurred(even, SMOOTHING_PX) / (_blurred(outline, SMOOTHING_PX) + 0.05)
    high = even - around * outline
    local = np.sqrt(_blurred(np.square(high), 1.5 * SMOOTHING_PX) + RELIEF_FLOOR)
    return np.asarray(np.tanh(high / local) * outline, np.float32)


def _edges(grey: Views, outline: Views) -> Views:
    steps = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    near = np.asarray(cv2.dilate(outline, np.ones((5, 5), np.uint8)), np.float32)
    steep = _blurred(steps, 1.0) * near
    return np.asarray(np.tanh(steep / (4 * float(steep[outline > 0.5].mean()) + 1e-6)), np.float32)


def _blurred(plane: Views, sigma: float) -> Views:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma), np.float32)
