"""Teaching the network that draws boxes, from pictures with drawn ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi

import numpy as np
from numpy.typing import NDArray

from .adam import Adam
from .boxes import MIRRORINGS, DrawnPicture
from .head import BoxHead
from .inputs import InputReader
from .loss import slope_of_loss
from .network import Inputs, backward, forward
from .targets import stacked, targets_of
from .weights import Floats, Weights

PASSES = 24
"""How often each picture is looked at, each time mirrored another way."""
LEAST_PICTURES = 2400
"""Looked at in all: few pictures are looked at more often."""
PICTURES_AT_ONCE = 8
RATE = 3e-3
WARM_UP = 50
"""Steps until the rate is reached; from there it falls to nothing, as half a cosine does."""
MEASURED = 32
"""Pictures from which mean and spread of the inputs are taken."""
LEAST_SPREAD = 1e-3


@dataclass(frozen=True, slots=True)
class Plan:
    """How many pictures there are, and how often each is looked at."""

    pictures: int

    @property
    def passes(self) -> int:
        """How often each picture is looked at."""
        return max(PASSES, -(-LEAST_PICTURES // self.pictures))

    @property
    def steps(self) -> int:
        """How often the weights change."""
        return self.passes * -(-self.pictures // PICTURES_AT_ONCE)

    @property
    def looks(self) -> int:
        """How many pictures are looked at in all."""
        return self.passes * self.pictures

    def batches(self, rng: np.random.Generator) -> Iterator[NDArray[np.intp]]:
        """Yield the pictures of each step, every pass in an order of its own."""
        for _ in range(self.passes):
            order = rng.permutation(self.pictures)
            yield from np.split(order, range(PICTURES_AT_ONCE, self.pictures, PICTURES_AT_ONCE))

    def rate(self, step: int) -> float:
        """Return how far a step goes; `step` counts from 1."""
        return RATE * min(1.0, step / WARM_UP) * (1 + cos(pi * step / self.steps)) / 2


def teach_head(
    pictures: Sequence[DrawnPicture],
    classes: int,
    reader: InputReader,
    on_look: Callable[[int], None],
) -> BoxHead:
    """Teach a head on pictures with drawn boxes; `on_look` hears how many were looked at.

    What lies beside the boxes is taken for good.
    """
    rng = np.random.default_rng(0)
    spread = _spread(pictures[:MEASURED], reader)
    weights = Weights.drawn(classes, rng)
    adam, plan, looked = Adam.beside(weights.arrays()), Plan(len(pictures)), 0
    for step, places in enumerate(plan.batches(rng), 1):
        ways = rng.integers(MIRRORINGS, size=len(places))
        seen = [pictures[i].mirrored(int(way)) for i, way in zip(places, ways, strict=True)]
        done = forward(weights, spread.inputs([reader.read(each.pixels) for each in seen]))
        slope = slope_of_loss(done.told, stacked([targets_of(each) for each in seen]))
        slopes = backward(weights, done, slope)
        adam.step(weights.arrays(), slopes.arrays(), plan.rate(step), step)
        looked += len(places)
        on_look(looked)
    return BoxHead.of(weights.for_raw(spread.means, spread.spreads))


@dataclass(frozen=True, slots=True)
class _Spread:
    """Mean and standard deviation of each tap's inputs, (inputs,)."""

    means: tuple[Floats, ...]
    spreads: tuple[Floats, ...]

    def inputs(self, several: Sequence[Inputs]) -> Inputs:
        """Return the inputs of several pictures as one, each of mean 0 and deviation 1."""
        return [
            np.asarray((np.concatenate(of_tap) - mean) / deviation, np.float32)
            for of_tap, mean, deviation in zip(
                zip(*several, strict=True), self.means, self.spreads, strict=True
            )
        ]


def _spread(pictures: Sequence[DrawnPicture], reader: InputReader) -> _Spread:
    seen = [reader.read(each.pixels) for each in pictures]
    taps = [np.concatenate(of_tap) for of_tap in zip(*seen, strict=True)]
    means = tuple(tap.mean(axis=(0, 1, 2)) for tap in taps)
    return _Spread(means, tuple(tap.std(axis=(0, 1, 2)) + LEAST_SPREAD for tap in taps))
