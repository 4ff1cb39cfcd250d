"""What was seen in images with marked defects, as arrays of the cache beside a model."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..form import CHANNELS, Form
from .cells import GRID_TAP
from .looking import MOST_MARKED, Marked
from .marks import Mark

Arrays = dict[str, NDArray[Any]]

_PREFIX = "marked."
MARKED_DIGESTS = f"{_PREFIX}digests"
_CLASSES = f"{_PREFIX}classes"
_MARKS, _CELLS = f"{_PREFIX}marks", f"{_PREFIX}cells"


def marked_arrays(marked: Marked) -> Arrays:
    """Return what was seen as arrays by name."""
    marks = [(mark.image, mark.class_index, len(mark.cells)) for mark in marked.marks]
    return {f"{_PREFIX}{tap.name}": cells for tap, cells in marked.features.items()} | {
        _CLASSES: np.array([name.encode() for name in marked.classes]),
        MARKED_DIGESTS: np.array(marked.digests, "S64"),
        _MARKS: np.array(marks, np.int64),
        _CELLS: np.concatenate([mark.cells for mark in marked.marks]),
    }


def marked_from(arrays: Arrays, form: Form) -> Marked:
    """Return what the arrays say. Raises ValueError or KeyError unless all of it fits."""
    features = {tap: arrays[f"{_PREFIX}{tap.name}"].astype(np.float16) for tap in form.taps}
    images = len(features[GRID_TAP])
    if not 0 < images <= MOST_MARKED:
        raise ValueError("too many images")
    for tap, seen in features.items():
        if seen.shape != (images, form.cells(tap), CHANNELS[tap.block]):
            raise ValueError("of another form")
        if not np.isfinite(seen).all():
            raise ValueError("not of numbers")
    classes = tuple(each.decode() for each in arrays[_CLASSES].tolist())
    marks, cells = arrays[_MARKS].reshape(-1, 3), arrays[_CELLS]
    if not _fit(marks, cells, images, len(classes), form.cells(GRID_TAP)):
        raise ValueError("incomplete")
    parts = np.split(cells, np.cumsum(marks[:, 2])[:-1])
    known = tuple(
        Mark(int(image), int(index), part)
        for (image, index, _), part in zip(marks, parts, strict=True)
    )
    digests = tuple(each.decode() for each in arrays[MARKED_DIGESTS].tolist())
    if len(digests) != images:
        raise ValueError("incomplete")
    return Marked(classes, features, known, digests)


def _fit(marks: NDArray[Any], cells: NDArray[Any], images: int, classes: int, grid: int) -> bool:
    """Say whether every class has marks, and every mark cells, that are where they may be."""
    if marks.dtype != np.int64 or cells.dtype != np.int64 or not len(marks):
        return False
    of_images = bool((marks[:, 0] >= 0).all() and (marks[:, 0] < images).all())
    of_classes = set(marks[:, 1].tolist()) == set(range(classes))
    of_cells = bool((marks[:, 2] > 0).all() and marks[:, 2].sum() == len(cells))
    return of_images and of_classes and of_cells and bool(((cells >= 0) & (cells < grid)).all())
