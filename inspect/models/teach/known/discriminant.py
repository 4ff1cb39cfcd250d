"""Fisher's linear discriminant between the cells of good parts and those of each defect class.

w = S^-1 (mean of the class - mean of the good). S is half the scatter of good cells and half that
of defective cells around their class, shrunk, so that one example of a class is enough.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .cells import Joined
from .examples import Examples

OWN_SHARE = 0.5
METRIC_SHRINKAGE = 0.1
RIDGE = 1.0

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moments:
    """Number, sum (channels,) and sum of outer products (channels, channels) of good cells."""

    count: int
    total: Doubles
    outer: Doubles

    @classmethod
    def of(cls, cells: Joined) -> Self:
        """Sum up the cells of good images."""
        flat = cells.reshape(-1, cells.shape[2])
        return cls(
            len(flat), flat.sum(axis=0, dtype=np.float64), (flat.T @ flat).astype(np.float64)
        )

    def without(self, other: Self) -> Self:
        """Return these moments without those of some of the images."""
        return type(self)(
            self.count - other.count, self.total - other.total, self.outer - other.outer
        )

    @property
    def mean(self) -> Doubles:
        """Mean of the cells, (channels,)."""
        return self.total / self.count

    @property
    def scatter(self) -> Doubles:
        """Their covariance, (channels, channels)."""
        return self.outer / self.count - np.outer(self.mean, self.mean)


def discriminant(good: Moments, examples: Examples) -> NDArray[np.float32]:
    """Return the weights of every class, (channels, classes)."""
    means = examples.class_means()
    inverse = inverse_scatter(good, examples)
    return np.asarray(inverse @ (means - good.mean).T, np.float32)


def inverse_scatter(good: Moments, examples: Examples) -> Doubles:
    """Return S^-1, (channels, channels)."""
    scatter = good.scatter
    channels = len(scatter)
    both = (1 - OWN_SHARE) * scatter + OWN_SHARE * examples.scatter()
    floor = METRIC_SHRINKAGE * np.trace(scatter) / channels
    metric = scatter + floor * np.eye(channels)
    amount = RIDGE * np.trace(np.linalg.solve(metric, both)) / channels
    return np.asarray(np.linalg.inv(both + amount * metric), np.float64)
