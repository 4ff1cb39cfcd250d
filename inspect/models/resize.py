"""The one resize between a frame and a model: teaching, line, proof and bench all use it."""

import cv2
import numpy as np

from ..core.frame import Image


def to_input(image: Image, width_px: int, height_px: int) -> Image:
    """Return `image`, uint8 (height, width, 3), stretched to (height_px, width_px, 3).

    In a manifest this is "halve-linear"; another way of resizing is another name.

    While both sides are at least twice too large, 2x2 pixels become their mean (a last odd row or
    column is left out); the rest is one bilinear step. So small defects are averaged and never
    skipped, at a twentieth of what exact area averaging costs for a large frame.
    """
    while image.shape[1] >= 2 * width_px and image.shape[0] >= 2 * height_px:
        image = halved(image)
    if image.shape[:2] == (height_px, width_px):
        return np.ascontiguousarray(image)
    return _pixels(cv2.resize(image, (width_px, height_px), interpolation=cv2.INTER_LINEAR))


def halved(image: Image) -> Image:
    """Return `image` with each 2x2 pixels made their mean; a last odd row or column is left out."""
    height, width = image.shape[0] // 2, image.shape[1] // 2
    even = image[: 2 * height, : 2 * width]
    return _pixels(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA))


def _pixels(resized: object) -> Image:
    return np.asarray(resized, np.uint8)
