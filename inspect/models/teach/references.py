"""The references a new model carries: small pictures that walk every branch of the path."""

import cv2
import numpy as np

from ...core.frame import Image
from ..placement import stretched
from ..reference import Reference
from ..runtime import Session

SMALL_SIDE_PX = 96


def record_references(
    large: Image, small: Image, session: Session, input_side_px: int, threshold: float
) -> tuple[Reference, ...]:
    """Record two answers of `session`, on pictures made from two of the images it was taught on.

    One is large enough to be halved and then shrunk, one is small, so it is enlarged, and carries
    a mark that stands out.
    """
    pictures = (
        _with_shorter_side(large, 2 * input_side_px + 8),
        _marked(_with_shorter_side(small, SMALL_SIDE_PX)),
    )
    return tuple(_record(picture, session, input_side_px, threshold) for picture in pictures)


def _record(picture: Image, session: Session, side_px: int, threshold: float) -> Reference:
    placed = stretched(picture, side_px, side_px)
    return Reference.recorded(picture, placed, session.run(placed.pixels), threshold)


def _with_shorter_side(image: Image, side_px: int) -> Image:
    height, width = image.shape[:2]
    ratio = side_px / min(height, width)
    size = min(1024, round(width * ratio)), min(1024, round(height * ratio))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _marked(image: Image) -> Image:
    """Return a copy with a square of opposite brightness, off the middle."""
    marked = image.copy()
    side = min(image.shape[:2]) // 6
    marked[side : 2 * side, side : 2 * side] = 255 - marked[side : 2 * side, side : 2 * side]
    return marked
