"""How a frame is laid into a model's input, and how places in the input are found in the frame."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.finding import BoxPx
from ..core.frame import Image
from ..core.manifest import ModelManifest, Resize
from .resize import to_input

Affine = NDArray[np.float64]
"""(2, 3): a point (x, y, 1) of the input, in pixels, times this is its place in the frame."""

GREY = 114
"""Around a letterboxed frame; what ultralytics' networks and YOLOX are taught with."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A frame laid into the input: its pixels, uint8 (height, width, 3), and the way back."""

    pixels: Image
    to_frame: Affine
    frame_width_px: int
    frame_height_px: int

    def in_frame(self, box: tuple[float, float, float, float]) -> BoxPx | None:
        """Return the upright box of the frame around a box of the input (left, top, right,
        bottom); None when it lies outside the frame.
        """
        left, top, right, bottom = box
        corners = np.array([(x, y, 1) for x in (left, right) for y in (top, bottom)], np.float64)
        across, down = (self.to_frame @ corners.T).round(6)
        across, down = across.clip(0, self.frame_width_px), down.clip(0, self.frame_height_px)
        inside = float(across.min()), float(down.min()), float(across.max()), float(down.max())
        return inside if inside[0] < inside[2] and inside[1] < inside[3] else None


def place(image: Image, manifest: ModelManifest) -> Placed:
    """Lay `image`, uint8 (height, width, 3), BGR, into the input as the manifest says."""
    return _WAYS[manifest.resize](image, manifest.input_width_px, manifest.input_height_px)


def letterboxed(image: Image, width_px: int, height_px: int) -> Placed:
    """Fit the frame into the input in its own shape, in the middle, grey around it.

    Geometry and rounding are those of ultralytics' LetterBox and scale_boxes, so that a detector
    sees on the line what it saw when it was taught, and both find the same box.
    """
    fitted, back = _fitted(image, width_px, height_px)
    left = round((width_px - fitted.shape[1]) / 2 - 0.1)
    top = round((height_px - fitted.shape[0]) / 2 - 0.1)
    return _on_grey(image, fitted, back, (left, top), (width_px, height_px))


def letterboxed_in_corner(image: Image, width_px: int, height_px: int) -> Placed:
    """Fit the frame into the left upper corner of the input, as YOLOX does."""
    fitted, back = _fitted(image, width_px, height_px)
    return _on_grey(image, fitted, back, (0, 0), (width_px, height_px))


def stretched(image: Image, width_px: int, height_px: int) -> Placed:
    """Fill the input with the whole frame, whatever its shape."""
    height, width = image.shape[:2]
    back = np.array([[width / width_px, 0, 0], [0, height / height_px, 0]], np.float64)
    return Placed(to_input(image, width_px, height_px), back, width, height)


def _fitted(image: Image, width_px: int, height_px: int) -> tuple[Image, tuple[float, float]]:
    """Return the frame as large as the input holds it, and pixels of the frame to one of it."""
    height, width = image.shape[:2]
    ratio = min(height_px / height, width_px / width)
    size = max(round(width * ratio), 1), max(round(height * ratio), 1)
    back = width / size[0], height / size[1]
    if size == (width, height):
        return image, back
    resized = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8), back


def _on_grey(
    image: Image,
    fitted: Image,
    back: tuple[float, float],
    corner_px: tuple[int, int],
    size_px: tuple[int, int],
) -> Placed:
    (left, top), (width_px, height_px) = corner_px, size_px
    pixels = np.full((height_px, width_px, 3), GREY, np.uint8)
    pixels[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
    across, down = back
    to_frame = np.array([[across, 0, -left * across], [0, down, -top * down]], np.float64)
    return Placed(pixels, to_frame, image.shape[1], image.shape[0])


_WAYS: dict[Resize, Callable[[Image, int, int], Placed]] = {
    "halve-linear": stretched,
    "letterbox-114": letterboxed,
    "letterbox-114-corner": letterboxed_in_corner,
}
