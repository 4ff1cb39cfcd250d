"""From how much likeness on a defect is given the name of a class, rather than `unknown`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .discriminant import Discriminant, Floats
from .known import cosines

USUAL_CUTOFF = 0.2
"""Where one class with one example leaves nothing to measure it by."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a mark looks like its own class, taught without it, and like the most alike of the
    others; None where there is no such class.
    """

    own: float | None
    other: float | None


def likeness_of(
    mark: Floats, class_index: int, discriminant: Discriminant, *, is_held_out: bool
) -> Likeness:
    """Measure the cells (cells, channels) of a mark."""
    alike = cosines(discriminant, mark).mean(axis=0)
    others = np.delete(alike, class_index)
    return Likeness(
        float(alike[class_index]) if is_held_out else None,
        float(others.max()) if len(others) else None,
    )


def cutoff_of(marks: Sequence[Likeness]) -> float:
    """Return the cosine that best parts marks' likeness to their own class from that to others,
    midway between the marks on its two sides.

    Where only others could be measured it is their median, where only their own, half of that.
    """
    own = np.sort([mark.own for mark in marks if mark.own is not None])
    other = np.sort([mark.other for mark in marks if mark.other is not None])
    if not len(own):
        return float(np.median(other)) if len(other) else USUAL_CUTOFF
    if not len(other):
        return float(np.median(own)) / 2
    candidates = np.sort(np.concatenate([own, other]))
    missed = np.searchsorted(own, candidates, side="left") / len(own)
    wrong = 1 - np.searchsorted(other, candidates, side="left") / len(other)
    best = int(np.argmin(missed + wrong))
    return float(candidates[max(best - 1, 0)] + candidates[best]) / 2
