"""The threshold that good parts support: what may be promised of it, and when nothing may."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .binomial import most_events, parts_needed, upper_bound

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Promise:
    """The lowest threshold at which at most `overkill` of good parts will fail.

    It holds with `confidence`, for parts like those it rests on; `threshold`, `allowed` (how many
    of the parts may reach it) and `at_most` (its bound) are None where the parts support none.
    `parts_needed` is the least number of parts that support one, None beyond a million.
    """

    overkill: float
    confidence: float
    threshold: float | None
    allowed: int | None
    at_most: float | None
    parts_needed: int | None


def promise(good: Scores, overkill: float, confidence: float) -> Promise:
    """Return what the scores of good parts promise of an overkill, 0 to 1.

    How many parts may reach the threshold follows from how many there are, never from their
    scores, so the bound is exact whatever the scores look like: that of an order statistic
    (Wilks, 1941), or of split conformal prediction given its calibration set (V. Vovk,
    "Conditional validity of inductive conformal predictors", ACML 2012).
    Raises ValueError unless both shares lie between 0 and 1.
    """
    needed = parts_needed(overkill, confidence)
    allowed = most_events(overkill, good.size, confidence)
    if allowed is None:
        return Promise(overkill, confidence, None, None, None, needed)
    threshold = above(float(np.sort(good)[good.size - 1 - allowed]))
    at_most = upper_bound(allowed, good.size, confidence)
    return Promise(overkill, confidence, threshold, allowed, at_most, needed)


def above(score: float) -> float:
    """Return the least threshold that `score` does not reach."""
    return float(np.nextafter(score, np.inf))
