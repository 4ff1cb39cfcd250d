"""Marked examples as numbers: the cells of each mark."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Examples:
    """The cells of all marks, (cells, channels), the mark each belongs to, (cells,), and the index
    of each mark's class, (marks,). Every class has a mark.
    """

    classes: tuple[str, ...]
    cells: NDArray[np.float16]
    mark_of: NDArray[np.int64]
    class_of: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.class_of)

    def count(self, class_index: int) -> int:
        """Return how many marks a class has."""
        return int((self.class_of == class_index).sum())

    def mark(self, number: int) -> NDArray[np.float32]:
        """Return the cells of one mark, (cells, channels)."""
        return self.cells[self.mark_of == number].astype(np.float32)

    def mark_means(self) -> NDArray[np.float64]:
        """Return the mean cell of each mark, (marks, channels)."""
        return np.stack([self.mark(number).mean(axis=0) for number in range(len(self))]).astype(
            np.float64
        )

    def class_means(self) -> NDArray[np.float64]:
        """Return the mean of each class, (classes, channels), in which all its marks weigh alike."""
        means = self.mark_means()
        return np.stack([means[self.class_of == k].mean(axis=0) for k in range(len(self.classes))])

    def scatter(self) -> NDArray[np.float64]:
        """Return how cells spread around the mean of their class, (channels, channels).

        All marks weigh alike, however many cells they have.
        """
        means = self.class_means()
        sums = np.zeros((means.shape[1], means.shape[1]))
        for number, class_index in enumerate(self.class_of):
            centred = self.mark(number) - means[class_index]
            sums += centred.T @ centred / len(centred)
        return sums / len(self)

    def only(self, marks: NDArray[np.bool_]) -> Self:
        """Return these marks alone, under the same classes."""
        kept = marks[self.mark_of]
        numbers = np.cumsum(marks) - 1
        return type(self)(
            self.classes, self.cells[kept], numbers[self.mark_of[kept]], self.class_of[marks]
        )
