"""Learning known defects: the discriminant, its scale on good parts, and from where on to name."""

import operator
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from ..expert import Distances
from ..features import Features
from ..form import Form
from ..fusion import top_of
from ..pardon import Pardoned
from .apart import folds, of_held_out, rounds
from .cells import GRID_TAP, batches, joined
from .discriminant import Discriminant, Floats, Moments
from .examples import Examples
from .known import KnownDefects
from .naming import cutoff_of

FOLDS = 4
LEAST_SPREAD = 1e-6


@dataclass(frozen=True, slots=True)
class TaughtKnown:
    """What is known of defects; what it says of each good part when taught without it, and of each
    image with marks when taught without that one, (images, cells). Where a class has no example
    but in that image, nothing is said of it: NaN.
    """

    known: KnownDefects
    left_out: Distances
    left_out_marked: Distances


def learn_known(good: Features, marked: Features, examples: Examples, form: Form) -> TaughtKnown:
    """Learn from features of good images and marked examples in the images of `marked`."""
    fold_of = folds(len(good[GRID_TAP]), FOLDS)
    moments = [_moments(good, form, np.flatnonzero(fold_of == fold)) for fold in range(FOLDS)]
    everything = _sum(moments)
    along = _held_out_along(good, form, fold_of, moments, examples)
    tops = np.stack([top_of(along[:, :, k]) for k in range(along.shape[2])], axis=1)
    centre, spread = tops.mean(axis=0), np.maximum(tops.std(axis=0), LEAST_SPREAD)
    apart = [of_held_out(images, everything, examples) for images in rounds(examples)]
    cutoff = cutoff_of([each for one in apart for each in one.likeness])
    whole = Discriminant.fit(everything, examples)
    known = KnownDefects(whole, centre, spread, cutoff, Pardoned.none(len(whole.mean)))
    left_out = ((along - centre) / spread).max(axis=2)
    without = np.full((len(marked[GRID_TAP]), along.shape[1]), np.nan, np.float32)
    for one in apart:
        if one.without is not None:
            said = replace(known, discriminant=one.without)
            without[one.images] = said.distances(joined(marked, form, one.images))
    return TaughtKnown(known, np.asarray(left_out, np.float32), without)


def weight_of(examples: Examples) -> float:
    """Return how much is to be made of so few examples, n / (n + 1) for n of a usual class."""
    count = float(np.median(examples.counts()))
    return count / (count + 1)


def _moments(features: Features, form: Form, images: NDArray[np.intp]) -> Moments:
    moments = Moments.none()
    for _, cells in batches(features, form, images):
        moments = moments.plus(cells)
    return moments


def _held_out_along(
    good: Features,
    form: Form,
    fold_of: NDArray[np.int64],
    moments: list[Moments],
    examples: Examples,
) -> Floats:
    """Return how far each cell of each good image lies towards each class, (images, cells,
    classes), by a discriminant taught on the other three quarters.
    """
    along = np.empty((len(fold_of), form.cells(GRID_TAP), len(examples.classes)), np.float32)
    for fold in range(FOLDS):
        others = _sum([each for number, each in enumerate(moments) if number != fold])
        fitted = Discriminant.fit(others, examples)
        for images, cells in batches(good, form, np.flatnonzero(fold_of == fold)):
            along[images] = fitted.turned(cells) @ fitted.towards
    return along


def _sum(moments: list[Moments]) -> Moments:
    return reduce(operator.add, moments)
