"""Fisher's linear discriminant between the cells of good parts and those of each defect class.

A cell x becomes u = L^T (x - mean of the good), where L L^T = S^-1, and points towards a class as
far as u and u of the class's mean do. S is half the scatter of good cells and half that of
defective ones around their class, shrunk, so that one example of a class is enough.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..pardon import directions
from .cells import ALL_CHANNELS, Joined
from .examples import Doubles, Examples

OWN_SHARE = 0.5
METRIC_SHRINKAGE = 0.1
RIDGE = 1.0

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Moments:
    """Number, sum (channels,) and sum of outer products (channels, channels) of good cells."""

    count: int
    total: Doubles
    outer: Doubles

    @classmethod
    def none(cls) -> Self:
        """Return the moments of no cells."""
        return cls(0, np.zeros(ALL_CHANNELS), np.zeros((ALL_CHANNELS, ALL_CHANNELS)))

    def plus(self, cells: Joined) -> Self:
        """Return these moments with those of more cells."""
        flat = cells.reshape(-1, cells.shape[2])
        total, outer = flat.sum(axis=0, dtype=np.float64), (flat.T @ flat).astype(np.float64)
        return type(self)(self.count + len(flat), self.total + total, self.outer + outer)

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.count + other.count, self.total + other.total, self.outer + other.outer
        )

    @property
    def mean(self) -> Doubles:
        """Mean of the cells, (channels,)."""
        return self.total / self.count

    @property
    def scatter(self) -> Doubles:
        """Their covariance, (channels, channels)."""
        return self.outer / self.count - np.outer(self.mean, self.mean)


@dataclass(frozen=True, slots=True)
class Discriminant:
    """Mean of good cells (channels,), the root L (channels, channels), in whose terms good cells
    are 1 long (root mean square), and the unit vectors towards each class, (channels, classes).
    """

    mean: Floats
    root: Floats
    towards: Floats

    @classmethod
    def fit(cls, good: Moments, examples: Examples) -> Self:
        """Fit to good cells and marked examples."""
        root = np.linalg.cholesky(np.linalg.inv(_scatter(good, examples)))
        length = np.sqrt(np.trace(root.T @ good.scatter @ root))
        root = (root / length).astype(np.float16).astype(np.float32)
        mean = good.mean.astype(np.float32)
        classes = ((examples.class_means() - mean) @ root).T
        towards = classes / np.linalg.norm(classes, axis=0)
        return cls(mean, root, towards.astype(np.float32))

    def turned(self, cells: Floats) -> Floats:
        """Return u of cells, (..., channels)."""
        return np.asarray((cells - self.mean) @ self.root, np.float32)

    def directions(self, cells: Floats) -> Floats:
        """Return u of cells at unit length, (..., channels)."""
        return directions(self.turned(cells))


def _scatter(good: Moments, examples: Examples) -> Doubles:
    """Return S, (channels, channels)."""
    scatter = good.scatter
    both = (1 - OWN_SHARE) * scatter + OWN_SHARE * examples.scatter()
    channels = len(scatter)
    metric = scatter + METRIC_SHRINKAGE * np.trace(scatter) / channels * np.eye(channels)
    amount = RIDGE * np.trace(np.linalg.solve(metric, both)) / channels
    return np.asarray(both + amount * metric, np.float64)
