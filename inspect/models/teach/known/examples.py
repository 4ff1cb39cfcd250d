"""Marked examples as numbers: the cells of each mark."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Examples:
    """The cells of all marks, (cells, channels), the mark each belongs to, (cells,), and of each
    mark the class and the image, (marks,). Every class has a mark.
    """

    classes: tuple[str, ...]
    cells: NDArray[np.float16]
    mark_of: NDArray[np.int64]
    class_of: NDArray[np.int64]
    image_of: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.class_of)

    def counts(self) -> NDArray[np.int64]:
        """Return how many marks each class has, (classes,)."""
        return np.bincount(self.class_of, minlength=len(self.classes))

    def mark(self, number: int) -> NDArray[np.float32]:
        """Return the cells of one mark, (cells, channels)."""
        return np.asarray(self.cells[self.mark_of == number], np.float32)

    def class_means(self) -> Doubles:
        """Return the mean of each class, (classes, channels); all its marks weigh alike."""
        starts = np.flatnonzero(np.diff(self.mark_of, prepend=-1))
        sums = np.add.reduceat(self.cells.astype(np.float64), starts, axis=0)
        means = sums / np.bincount(self.mark_of)[:, None]
        of_class = [means[self.class_of == index].mean(axis=0) for index in self._indices()]
        return np.stack(of_class)

    def scatter(self) -> Doubles:
        """Return how cells spread around the mean of their class, (channels, channels).

        All marks weigh alike, however many cells they have.
        """
        own = self.class_means()[self.class_of[self.mark_of]]
        weights = np.bincount(self.mark_of)[self.mark_of] ** -0.5
        centred = (self.cells - own) * weights[:, None]
        return np.asarray(centred.T @ centred / len(self), np.float64)

    def without(self, images: NDArray[np.int64]) -> Self | None:
        """Return the marks of all other images; None where a class would have none left."""
        kept = ~np.isin(self.image_of, images)
        if len(set(self.class_of[kept].tolist())) < len(self.classes):
            return None
        number_of = np.cumsum(kept) - 1
        cells = kept[self.mark_of]
        return type(self)(
            self.classes,
            self.cells[cells],
            number_of[self.mark_of[cells]],
            self.class_of[kept],
            self.image_of[kept],
        )

    def _indices(self) -> range:
        return range(len(self.classes))
