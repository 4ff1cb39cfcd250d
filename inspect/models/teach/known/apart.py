"""Marked images taken apart in turn, so that each is measured by what was taught without it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .discriminant import Discriminant, Moments
from .examples import Examples
from .naming import Likeness, likeness_of

MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Some marked images, what is taught without them, and how alike their marks are to classes.

    Without them nothing is taught where a class would be left without an example.
    """

    images: NDArray[np.int64]
    without: Discriminant | None
    likeness: tuple[Likeness, ...]


def folds(images: int, count: int) -> NDArray[np.int64]:
    """Return for each image the fold it is dealt into, (images,)."""
    return np.random.default_rng(0).permutation(images) % count


def rounds(examples: Examples) -> list[NDArray[np.int64]]:
    """Return the marked images of each round, every image in one."""
    images = np.unique(examples.image_of)
    fold_of = folds(len(images), min(len(images), MOST_ROUNDS))
    return [images[fold_of == fold] for fold in np.unique(fold_of)]


def of_held_out(images: NDArray[np.int64], good: Moments, examples: Examples) -> HeldOut:
    """Measure the marks in these images by what is taught without them."""
    rest = examples.without(images)
    fitted = Discriminant.fit(good, examples if rest is None else rest)
    alike = tuple(
        likeness_of(
            examples.mark(int(number)),
            int(examples.class_of[number]),
            fitted,
            is_held_out=rest is not None,
        )
        for number in np.flatnonzero(np.isin(examples.image_of, images))
    )
    return HeldOut(images, fitted if rest is not None else None, alike)
