"""Looking at the images in which defects are marked, once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ....core.errors import ModelError
from ....core.identity import Sha256, digest
from ....datasets.images import read_image
from ....datasets.marked import MarkedDefects
from ...placement import Laying
from ..features import FeatureReader, Features
from ..form import Form
from ..looking import Looked, training_digest
from .cells import GRID_TAP, joined
from .examples import Examples
from .marks import Mark, marks_of

MOST_MARKED = 1000
"""Images with marked defects; what is seen in them stays in memory."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What was seen in images with marked defects: features and digest of every image, and the
    marks.
    """

    classes: tuple[str, ...]
    features: Features
    marks: tuple[Mark, ...]
    digests: tuple[Sha256, ...]

    def __len__(self) -> int:
        return len(self.features[GRID_TAP])

    @property
    def sha256(self) -> Sha256:
        """The digest over the digests of the images, whatever their order."""
        return training_digest(self.digests)

    def check_apart(self, good: Looked, paths: Sequence[Path]) -> None:
        """Raise ModelError when one of the good images, at `paths`, is one with marked defects."""
        marked = set(self.digests)
        for path, each in zip(paths, good.digests, strict=True):
            if each in marked:
                raise ModelError(
                    f"{path}: this very picture was taught with marked defects; leave it out, for "
                    "good parts alone are taken for good."
                )

    def examples(self, form: Form) -> Examples:
        """Return the cells of the marks."""
        images = {mark.image for mark in self.marks}
        seen = {i: joined(self.features, form, np.array([i]))[0] for i in sorted(images)}
        cells = [seen[mark.image][mark.cells] for mark in self.marks]
        return Examples(
            self.classes,
            np.concatenate(cells).astype(np.float16),
            _numbers([len(each) for each in cells]),
            np.array([mark.class_index for mark in self.marks], np.int64),
            np.array([mark.image for mark in self.marks], np.int64),
        )


def look_at_marked(
    marked: MarkedDefects,
    form: Form,
    laying: Laying,
    threads: int,
    on_image: Callable[[int], None],
) -> Marked:
    """Read every image and its marks; `on_image` hears how many are done.

    Raises ImageError or DatasetError for an image or a mark that cannot be used, ModelError when
    there are too many.
    """
    if len(marked.images) > MOST_MARKED:
        raise ModelError(f"{len(marked.images)} marked images; give at most {MOST_MARKED}.")
    reader = FeatureReader(form, laying, threads)
    cells, digests = [], []
    marks: list[Mark] = []
    for number, marked_image in enumerate(marked.images):
        image = read_image(marked_image.path)
        placed = reader.laid(image)
        shape = form.shape(GRID_TAP)
        marks.extend(marks_of(marked_image, number, marked.classes, placed, shape))
        cells.append(reader.read_placed(placed))
        digests.append(digest(image.tobytes()))
        on_image(number + 1)
    features = {tap: np.concatenate([each[tap] for each in cells]) for tap in form.taps}
    return Marked(marked.classes, features, tuple(marks), tuple(digests))


def _numbers(lengths: list[int]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
