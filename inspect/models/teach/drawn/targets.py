"""What each cell of a picture is to say: the class of the box it lies in the middle of, and where
that box is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .boxes import EITHER, DrawnPicture

STRIDE_PX = 16
"""Pixels of the input from one cell to the next."""
MIDDLE = 0.3
"""Share of a box's width and height, to either side of its middle, whose cells are to tell it."""
MOST_CELLS = 1.5
"""To either side of the middle."""

NOTHING = -1
"""The class of a cell that is to tell no defect; `EITHER` is that of one in the outer part of a
box, that may tell it or not.
"""


@dataclass(frozen=True, slots=True)
class Targets:
    """Of each cell its class, `NOTHING` or `EITHER`, (..., rows, columns), and how a box of that
    class lies to it, (..., rows, columns, 4): from the cell's middle to the box's, across and
    down, and the logarithms of width and height; all in cells.
    """

    class_of: NDArray[np.int64]
    places: NDArray[np.float32]


def targets_of(picture: DrawnPicture) -> Targets:
    """Return what the cells of one picture are to say; of boxes on each other the smaller goes
    first.
    """
    shape = picture.pixels.shape[0] // STRIDE_PX, picture.pixels.shape[1] // STRIDE_PX
    targets = Targets(np.full(shape, NOTHING), np.zeros((*shape, 4), np.float32))
    sizes = np.prod(picture.corners[:, 2:] - picture.corners[:, :2], axis=1)
    for number in np.argsort(-sizes, kind="stable"):
        _draw(targets, picture.corners[number] / STRIDE_PX, int(picture.class_of[number]))
    return targets


def stacked(several: list[Targets]) -> Targets:
    """Return the targets of several pictures as one."""
    return Targets(
        np.stack([each.class_of for each in several]), np.stack([each.places for each in several])
    )


def _draw(targets: Targets, corners: NDArray[np.float32], class_index: int) -> None:
    rows, columns = targets.class_of.shape
    left, top, right, bottom = corners.tolist()
    x, across = _along(left, right, columns)
    y, down = _along(top, bottom, rows)
    covered = (np.abs(y) < (bottom - top) / 2)[:, None] & (np.abs(x) < (right - left) / 2)
    targets.class_of[covered & (targets.class_of == NOTHING)] = EITHER
    if class_index == EITHER:
        return
    row, column = np.nonzero(down[:, None] & across)
    targets.class_of[row, column] = class_index
    size = np.log([right - left, bottom - top])
    targets.places[row, column, 0], targets.places[row, column, 1] = -x[column], -y[row]
    targets.places[row, column, 2:] = size


def _along(low: float, high: float, cells: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return how far the middle of each cell lies from that of a side, and which cells are to
    tell of it; at least the nearest one.
    """
    away = np.arange(cells, dtype=np.float64) + 0.5 - (low + high) / 2
    reach = max(0.5, min(MOST_CELLS, MIDDLE * (high - low)))
    told = np.asarray(np.abs(away) <= reach)
    told[np.abs(away).argmin()] = True
    return away, told
