"""Adam with decoupled decay of weights (Kingma and Ba, 2015; Loshchilov and Hutter, 2019)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Self

import numpy as np

from .weights import Floats

FORGET_SLOPE, FORGET_SQUARE = 0.9, 0.99
DECAY = 1e-4
MOST_SLOPE = 5.0
"""Length of all slopes together; longer ones are cut to it."""
FLOOR = 1e-8


@dataclass(frozen=True, slots=True)
class Adam:
    """Running means of slopes and of their squares; they change as the weights do."""

    slopes: tuple[Floats, ...]
    squares: tuple[Floats, ...]

    @classmethod
    def beside(cls, weights: Sequence[Floats]) -> Self:
        """Begin with means of zero."""
        zeros = [tuple(np.zeros_like(each) for each in weights) for _ in range(2)]
        return cls(*zeros)

    def step(
        self, weights: Sequence[Floats], slopes: Sequence[Floats], rate: float, number: int
    ) -> None:
        """Change the weights in place, against their slopes; `number` counts steps from 1."""
        length = sqrt(sum(float(np.square(slope).sum()) for slope in slopes))
        cut = min(1.0, MOST_SLOPE / max(length, FLOOR))
        for weight, slope, mean, square in zip(
            weights, slopes, self.slopes, self.squares, strict=True
        ):
            _approach(mean, slope * cut, FORGET_SLOPE)
            _approach(square, np.square(slope * cut), FORGET_SQUARE)
            way = mean / (1 - FORGET_SLOPE**number)
            way /= np.sqrt(square / (1 - FORGET_SQUARE**number)) + FLOOR
            weight -= rate * (way + DECAY * weight if weight.ndim > 1 else way)


def _approach(mean: Floats, value: Floats, kept: float) -> None:
    mean *= kept
    mean += (1 - kept) * value
