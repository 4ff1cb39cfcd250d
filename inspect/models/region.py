"""What a region leaves of a frame: teaching, line and proof all cut it out here."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from pydantic import ValidationError

from ..core.errors import ModelError
from ..core.frame import Image
from ..core.region import CornerPx, Region
from .placed import Mask

FILL = 114
"""Grey level of what lies in the box around a region and not in it."""
_SHIFT = 4
"""Binary digits behind the point of corners, as OpenCV draws them."""


class Cut(NamedTuple):
    """The box around a region, all outside of the region grey, and where it lies in the frame.

    `inside` is 255 where the region is; None where it fills its box.
    """

    pixels: Image
    left_px: int
    top_px: int
    inside: Mask | None


def region_in(image: Image, corners_px: Sequence[CornerPx]) -> Region:
    """Return the region of these corners in frames like `image`; two are those of an upright box.

    Raises ModelError when it cannot be one.
    """
    if len(corners_px) == 2:
        (left, top), (right, bottom) = corners_px
        corners_px = (left, top), (right, top), (right, bottom), (left, bottom)
    height, width = image.shape[:2]
    try:
        return Region(frame_width_px=width, frame_height_px=height, corners_px=tuple(corners_px))
    except ValidationError as error:
        why = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise ModelError(f"--region: {why}.") from None


def check_frame(region: Region | None, image: Image, path: Path) -> None:
    """Raise ModelError when the image at `path` is of another size than the region is for."""
    if region is None or size_fits(region, image):
        return
    height, width = image.shape[:2]
    raise ModelError(
        f"{path}: {width}x{height} pixels, and the region was drawn in frames of "
        f"{region.frame_width_px}x{region.frame_height_px}; leave out what another camera took."
    )


def size_fits(region: Region, image: Image) -> bool:
    """Say whether `image` is of the size that the region was drawn in."""
    return image.shape[:2] == (region.frame_height_px, region.frame_width_px)


def cut_out(image: Image, region: Region) -> Cut:
    """Return what the region leaves of `image`, uint8 (height, width, 3), BGR.

    A model's references are small copies of frames: in them the region is as much smaller.
    """
    height, width = image.shape[:2]
    left, top, right, bottom = _box(region, width, height)
    pixels = np.ascontiguousarray(image[top:bottom, left:right])
    if region.is_box:
        return Cut(pixels, left, top, None)
    inside = _inside(region, width, height)
    filled = np.full_like(pixels, FILL)
    cv2.copyTo(pixels, inside, filled)
    return Cut(filled, left, top, inside)


def _box(region: Region, width_px: int, height_px: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = region.box_px
    across, down = width_px / region.frame_width_px, height_px / region.frame_height_px
    first, upper = int(left * across), int(top * down)
    last, lower = int(np.ceil(right * across)), int(np.ceil(bottom * down))
    return first, upper, min(max(last, first + 1), width_px), min(max(lower, upper + 1), height_px)


@lru_cache(maxsize=4)
def _inside(region: Region, width_px: int, height_px: int) -> Mask:
    left, top, right, bottom = _box(region, width_px, height_px)
    scale = width_px / region.frame_width_px, height_px / region.frame_height_px
    # Corners count from the corner of a pixel, OpenCV's from its middle.
    corners = np.array(region.corners_px, np.float64) * scale - (left + 0.5, top + 0.5)
    inside = np.zeros((bottom - top, right - left), np.uint8)
    fixed = np.rint(corners * 2**_SHIFT).astype(np.int32)
    cv2.fillPoly(inside, [fixed], 255, shift=_SHIFT)
    return inside
