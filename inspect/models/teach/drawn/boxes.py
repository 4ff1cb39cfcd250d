"""Drawn boxes in a model's input, and what of a picture may be mirrored to make another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ....core.frame import Image
from ....datasets.labels.boxes import LabelledBox
from ...placed import Placed
from ..form import Size

Corners = NDArray[np.float32]
"""Left, top, right, bottom in pixels of the input, (boxes, 4)."""

EITHER = -2
"""The class of a box that may be told or not: too little of it is seen."""
MOSTLY = 0.6
"""Share of a box from which on it is seen."""
MIRRORINGS = 8
"""Of a square: with its sides swapped or not, left to right or not, upside down or not."""


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """Pixels of the input, uint8 (height, width, 3), and the corners and class of each box; that of
    a box of which only a part is in the picture is `EITHER`.
    """

    pixels: Image
    corners: Corners
    class_of: NDArray[np.int64]

    def mirrored(self, way: int) -> Self:
        """Return the picture mirrored in one of `MIRRORINGS` ways; 0 leaves it as it is.

        Sides are swapped only where they are alike.
        """
        height, width = self.pixels.shape[:2]
        pixels, corners = self.pixels, self.corners
        if way & 4 and height == width:
            pixels, corners = pixels.transpose(1, 0, 2), corners[:, [1, 0, 3, 2]]
        if way & 1:
            pixels, corners = pixels[:, ::-1], _turned_over(corners, (0, 2), width)
        if way & 2:
            pixels, corners = pixels[::-1], _turned_over(corners, (1, 3), height)
        return replace(self, pixels=np.ascontiguousarray(pixels), corners=corners)

    def window(self, size: Size, rng: np.random.Generator) -> Self:
        """Return a window of this size, somewhere around one of the boxes drawn by chance."""
        height, width = self.pixels.shape[:2]
        around = self.corners[rng.integers(len(self.corners))]
        left = _begin(around[0], around[2], size.width_px, width, rng)
        top = _begin(around[1], around[3], size.height_px, height, rng)
        whole = self.corners - np.array([left, top, left, top], np.float32)
        limits = np.array([size.width_px, size.height_px] * 2, np.float32)
        corners = np.clip(whole, 0, limits)
        inside = (corners[:, 2] > corners[:, 0]) & (corners[:, 3] > corners[:, 1])
        is_whole = (_areas(corners) >= MOSTLY * _areas(whole))[inside]
        return type(self)(
            self.pixels[top : top + size.height_px, left : left + size.width_px],
            corners[inside],
            np.where(is_whole, self.class_of[inside], EITHER),
        )


def _begin(low: float, high: float, length_px: int, of_px: int, rng: np.random.Generator) -> int:
    """Draw where a window of `length_px` begins that holds all from `low` to `high`, as far as it
    can, and lies inside.
    """
    first, last = sorted((high - length_px, low))
    return int(np.clip(rng.uniform(first, last), 0, of_px - length_px))


def _areas(corners: Corners) -> NDArray[np.float32]:
    return np.asarray(np.prod(corners[:, 2:] - corners[:, :2], axis=1), np.float32)


def _turned_over(corners: Corners, sides: tuple[int, int], length_px: int) -> Corners:
    turned = corners.copy()
    turned[:, sides] = length_px - corners[:, sides[::-1]]
    return turned


def drawn_picture(placed: Placed, boxes: Sequence[LabelledBox]) -> DrawnPicture:
    """Return a frame laid into the input with the boxes drawn in it.

    A box stays upright: where its part was turned, it is the one around the turned box.
    """
    height_px, width_px = placed.pixels.shape[:2]
    turn, shift = placed.to_frame[:, :2], placed.to_frame[:, 2]
    left, top, right, bottom = np.array([box.box_px for box in boxes], np.float64).T
    points = np.stack([[x, y] for x in (left, right) for y in (top, bottom)])
    x, y = np.linalg.solve(turn, points.transpose(1, 0, 2).reshape(2, -1) - shift[:, None])
    x = x.reshape(4, -1).clip(0, width_px)
    y = y.reshape(4, -1).clip(0, height_px)
    corners = np.stack([x.min(0), y.min(0), x.max(0), y.max(0)], axis=1)
    inside = (corners[:, 2] > corners[:, 0]) & (corners[:, 3] > corners[:, 1])
    class_of = np.array([box.class_index for box in boxes], np.int64)
    return DrawnPicture(placed.pixels, corners[inside].astype(np.float32), class_of[inside])
