"""Teaching the network that draws boxes, from pictures with drawn ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi

import numpy as np
from numpy.typing import NDArray

from ..form import Size
from .adam import Adam
from .boxes import MIRRORINGS, DrawnPicture
from .head import BoxHead
from .inputs import InputReader
from .loss import slope_of_loss
from .network import Inputs, backward, forward
from .targets import stacked, targets_of
from .weights import Floats, Weights

PASSES = 40
"""How often each picture is looked at, each time elsewhere, and mirrored another way."""
WINDOW_PX = 384
"""Sides of what is looked at, at most. Defects are rare: windows around them show more of them in
the same time than whole pictures do.
"""
PICTURES_AT_ONCE = 8
RATE = 3e-3
WARM_UP = 50
"""Steps until the rate is reached; from there it falls to nothing, as half a cosine does."""
MEASURED = 32
"""Pictures from which mean and spread of the inputs are taken."""
LEAST_SPREAD = 1e-3


@dataclass(frozen=True, slots=True)
class Plan:
    """In which steps so many pictures are looked at."""

    pictures: int

    @property
    def steps(self) -> int:
        """How often the weights change."""
        return PASSES * -(-self.pictures // PICTURES_AT_ONCE)

    @property
    def looks(self) -> int:
        """How many pictures are looked at in all."""
        return PASSES * self.pictures

    def batches(self, rng: np.random.Generator) -> Iterator[NDArray[np.intp]]:
        """Yield the pictures of each step, every pass in an order of its own."""
        for _ in range(PASSES):
            order = rng.permutation(self.pictures)
            yield from np.split(order, range(PICTURES_AT_ONCE, self.pictures, PICTURES_AT_ONCE))

    def rate(self, step: int) -> float:
        """Return how far a step goes; `step` counts from 1."""
        return RATE * min(1.0, step / WARM_UP) * (1 + cos(pi * step / self.steps)) / 2


def teach_head(
    pictures: Sequence[DrawnPicture],
    classes: int,
    size: Size,
    threads: int,
    on_look: Callable[[int], None],
) -> BoxHead:
    """Teach a head on pictures of `size` with drawn boxes; `on_look` hears how many were looked at.

    What lies beside the boxes is taken for good.
    """
    rng = np.random.default_rng(0)
    window = Size(min(size.width_px, WINDOW_PX), min(size.height_px, WINDOW_PX))
    reader = InputReader(window, threads)
    spread = _spread([each.window(window, rng) for each in pictures[:MEASURED]], reader)
    weights = Weights.drawn(classes, rng)
    adam, plan, looked = Adam.beside(weights.arrays()), Plan(len(pictures)), 0
    for step, places in enumerate(plan.batches(rng), 1):
        ways = rng.integers(MIRRORINGS, size=len(places))
        windows = (pictures[place].window(window, rng) for place in places)
        seen = [each.mirrored(int(way)) for each, way in zip(windows, ways, strict=True)]
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
