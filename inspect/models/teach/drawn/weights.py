"""The numbers of the network that draws boxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..form import CHANNELS, DRAWN_TAPS, STRIDES_PX, Tap
from .targets import STRIDE_PX

Floats = NDArray[np.float32]

HIDDEN = 96
BOX = 4
RARE = -4.6
"""Of a hundred cells one tells a defect, or so; the network begins with that."""
SMALL = 0.01

SIDES = MappingProxyType({tap: STRIDE_PX // STRIDES_PX[tap.block] for tap in DRAWN_TAPS})
"""How many cells of a tap lie along a side of one cell of the network."""


def inputs_of(tap: Tap) -> int:
    """Return how many numbers a tap has for one cell of the network."""
    return CHANNELS[tap.block] * SIDES[tap] ** 2


@dataclass(frozen=True, slots=True)
class Weights:
    """Three layers, with a rectifier after the first two.

    `taken` are of each tap (inputs, HIDDEN), summed; `around` (9 * HIDDEN, HIDDEN) of the three by
    three cells around, row by row; `told` (HIDDEN, classes + BOX) say how sure each class is, as
    a logit, and where the box lies, as `Targets` do.
    """

    taken: tuple[Floats, ...]
    taken_bias: Floats
    around: Floats
    around_bias: Floats
    told: Floats
    told_bias: Floats

    @classmethod
    def drawn(cls, classes: int, rng: np.random.Generator) -> Self:
        """Draw the weights to begin with (He et al., 2015)."""
        inputs = [inputs_of(tap) for tap in DRAWN_TAPS]
        bias = np.zeros(classes + BOX, np.float32)
        bias[:classes] = RARE
        return cls(
            tuple(_normal(rng, each, HIDDEN, (2 / sum(inputs)) ** 0.5) for each in inputs),
            np.zeros(HIDDEN, np.float32),
            _normal(rng, 9 * HIDDEN, HIDDEN, (2 / (9 * HIDDEN)) ** 0.5),
            np.zeros(HIDDEN, np.float32),
            _normal(rng, HIDDEN, classes + BOX, SMALL),
            bias,
        )

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.told_bias) - BOX

    def arrays(self) -> tuple[Floats, ...]:
        """Return all of them, in the order of `of`."""
        rest = self.taken_bias, self.around, self.around_bias, self.told, self.told_bias
        return (*self.taken, *rest)

    @classmethod
    def of(cls, arrays: Sequence[Floats]) -> Self:
        """Take them from arrays in the order of `arrays`. Raises ValueError unless they fit."""
        taps = len(DRAWN_TAPS)
        if [each.shape for each in arrays] != _shapes(arrays[-1].size):
            raise ValueError("of another form")
        return cls(tuple(arrays[:taps]), *arrays[taps:])

    def for_raw(self, means: Sequence[Floats], spreads: Sequence[Floats]) -> Self:
        """Return the weights that say of raw inputs what these say of inputs less their `means`
        and divided by their `spreads`, (inputs,) of each tap; rounded, as they are kept.
        """
        taken = [each / spread[:, None] for each, spread in zip(self.taken, spreads, strict=True)]
        shift = sum(mean @ each for mean, each in zip(means, taken, strict=True))
        bias = np.asarray(self.taken_bias - shift, np.float32)
        whole = type(self)(
            tuple(taken), bias, self.around, self.around_bias, self.told, self.told_bias
        )
        return type(self).of([_as_kept(each) for each in whole.arrays()])


def _shapes(told: int) -> list[tuple[int, ...]]:
    taken: list[tuple[int, ...]] = [(inputs_of(tap), HIDDEN) for tap in DRAWN_TAPS]
    return [*taken, (HIDDEN,), (9 * HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN, told), (told,)]


def _normal(rng: np.random.Generator, rows: int, columns: int, spread: float) -> Floats:
    return (rng.standard_normal((rows, columns)) * spread).astype(np.float32)


def _as_kept(weights: Floats) -> Floats:
    """Round matrices to float16; biases stay as they are."""
    return weights.astype(np.float16).astype(np.float32) if weights.ndim > 1 else weights
