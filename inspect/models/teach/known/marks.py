"""Marked defects in the model's input: which cells each of them covers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....core.errors import DatasetError
from ....datasets.labels.boxes import BoxedImage
from ....datasets.layout import LabelledImage
from ...evaluate.defects import Defects, TrueBox
from ...placed import Placed

COVERED = 0.2
"""Share of a cell that a defect covers, from which the cell shows it."""
NEARLY_MOST = 0.999
"""Of the cell that a small defect covers most; such a defect fills no cell."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked defect: the number of its image, the index of its class, and the cells that show
    it, in rising order.
    """

    image: int
    class_index: int
    cells: NDArray[np.int64]


def marks_of(
    image: LabelledImage | BoxedImage,
    number: int,
    classes: Sequence[str],
    placed: Placed,
    shape: tuple[int, int],
) -> tuple[Mark, ...]:
    """Return the marks of image `number`, laid as `placed` into an input of `shape` cells.

    All of a mask is one mark. Raises DatasetError for a mask that cannot be used, or that lies
    outside what the model sees.
    """
    marks = []
    for class_index, region in _regions(image, classes, placed):
        covered = coverage(region, placed, shape)
        if not covered.any():
            raise DatasetError(f"{image.path}: a marked defect lies outside the part; mend it.")
        shown = covered >= min(COVERED, NEARLY_MOST * float(covered.max()))
        marks.append(Mark(number, class_index, np.flatnonzero(shown)))
    return tuple(marks)


def coverage(
    region: NDArray[np.bool_], placed: Placed, shape: tuple[int, int]
) -> NDArray[np.float32]:
    """Return the share of each cell, (rows, columns), that a region of the frame covers."""
    height_px, width_px = placed.pixels.shape[:2]
    down, across = height_px / shape[0], width_px / shape[1]
    rows, columns = np.nonzero(region)
    turn, shift = placed.to_frame[:, :2], placed.to_frame[:, 2]
    x, y = np.linalg.solve(turn, np.stack([columns + 0.5, rows + 0.5]) - shift[:, None])
    column, row = np.floor(x / across).astype(np.intp), np.floor(y / down).astype(np.intp)
    inside = (column >= 0) & (column < shape[1]) & (row >= 0) & (row < shape[0])
    counts = np.bincount(
        row[inside] * shape[1] + column[inside], minlength=shape[0] * shape[1]
    ).reshape(shape)
    pixels_of_a_cell = across * down * abs(np.linalg.det(turn))
    return np.asarray(np.minimum(counts / pixels_of_a_cell, 1), np.float32)


def _regions(
    image: LabelledImage | BoxedImage, classes: Sequence[str], placed: Placed
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Yield each marked region of the frame with the index of its class."""
    size = placed.frame_width_px, placed.frame_height_px
    if isinstance(image, LabelledImage):
        assert image.mask is not None
        yield classes.index(image.label), Defects.of_mask(image.mask, *size).region > 0
        return
    for box in image.boxes:
        drawn = TrueBox(classes[box.class_index], box.box_px)
        yield box.class_index, Defects.of_boxes([drawn], *size).region > 0
