"""A frame laid into a model's input in its own shape, grey around it."""

import cv2
import numpy as np

from ..core.frame import Image
from .placed import Placed

GREY = 114
"""Around the frame; what ultralytics' networks and YOLOX are taught with."""


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
    inside = np.zeros((height_px, width_px), np.uint8)
    place = slice(top, top + fitted.shape[0]), slice(left, left + fitted.shape[1])
    pixels[place], inside[place] = fitted, 255
    across, down = back
    to_frame = np.array([[across, 0, -left * across], [0, down, -top * down]], np.float64)
    return Placed(pixels, to_frame, image.shape[1], image.shape[0], inside=inside)
