"""Bounds that hold at every threshold at once, so that one may look first and choose then.

A bound for one threshold holds with the confidence it names if the threshold was fixed before the
parts were seen. Who picks the best of many thresholds on the same parts picks luck with it. Here
every number of events gets the bound of Clopper and Pearson at one higher confidence, just so high
that all of them together hold with the confidence asked for (A. B. Owen, "Nonparametric likelihood
confidence bands for a distribution function", Journal of the American Statistical Association 90
(1995) 516-521, with the exact binomial in place of the likelihood).
"""

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp, lgamma, log, sqrt

import numpy as np
from numpy.typing import NDArray

from .binomial import BoundedRate, upper_bound

_STEP = 1.0
"""How far the numbers of events with a bound of their own lie apart, in standard deviations."""
_BISECTIONS = 12


@dataclass(frozen=True, slots=True)
class Band:
    """For `of` parts, the bounds of some numbers of events; those between take the next bound."""

    of: int
    events: tuple[int, ...]
    bounds: tuple[float, ...]

    def upper(self, events: int) -> float:
        """Return the largest share, 0 to 1, compatible with `events`, whatever the threshold."""
        return self.bounds[bisect_left(self.events, events)]

    def rate(self, events: int) -> BoundedRate:
        """Return the share of `events` with its bounds to both sides."""
        at_least = 1 - self.upper(self.of - events)
        return BoundedRate(events, self.of, events / self.of, at_least, self.upper(events))


@lru_cache(maxsize=64)
def band(of: int, confidence: float) -> Band:
    """Return the band for `of` >= 1 parts: each of its two sides holds with `confidence`."""
    events = _steps(of)
    strict, loose = (1 - confidence) / len(events), 1 - confidence
    for _ in range(_BISECTIONS):
        middle = sqrt(strict * loose)
        if holds_together(of, events, _bounds(of, events, middle)) >= confidence:
            strict = middle
        else:
            loose = middle
    return Band(of, (*events, of), (*_bounds(of, events, strict), 1.0))


def holds_together(of: int, events: tuple[int, ...], bounds: tuple[float, ...]) -> float:
    """Return the chance that of `of` uniform numbers more than events[i] are <= bounds[i], all i.

    Both ascend. The numbers are counted as a Poisson process of `of` a unit, of which just those
    runs are kept that end at `of` (E. Khmaladze and E. Shinjikashvili, "Calculation of
    noncrossing probabilities for Poisson processes and its corollaries", Advances in Applied
    Probability 33 (2001) 702-716); nothing is subtracted, so nothing cancels.
    """
    counted = np.zeros(of + 1)
    counted[0] = 1.0
    for (_, start), (least, end) in pairwise(((0, 0.0), *zip(events, bounds, strict=True))):
        counted = np.convolve(counted, _poisson(of * (end - start), of))[: of + 1]
        counted[: least + 1] = 0.0
    counted = np.convolve(counted, _poisson(of * (1 - bounds[-1]), of))[: of + 1]
    return float(counted[of] / exp(of * log(of) - of - lgamma(of + 1)))


def _steps(of: int) -> tuple[int, ...]:
    """Return numbers of events from 0 to below `of`, about as far apart as chance moves them."""
    steps = [0]
    while steps[-1] < of - 1:
        last = steps[-1]
        step = max(1, round(_STEP * sqrt(last * (of - last) / of)))
        steps.append(min(of - 1, last + step))
    return tuple(steps)


def _bounds(of: int, events: tuple[int, ...], miss: float) -> tuple[float, ...]:
    return tuple(upper_bound(each, of, 1 - miss) for each in events)


def _poisson(mean: float, most: int) -> NDArray[np.float64]:
    """Return the Poisson probabilities of 0, 1, ... as far as they matter, `most` at most."""
    if mean <= 0:
        return np.ones(1)
    counts = np.arange(min(most, int(mean + 12 * sqrt(mean) + 30)) + 1)
    factorials = np.array([lgamma(count + 1) for count in counts])
    chances: NDArray[np.float64] = np.exp(counts * log(mean) - mean - factorials)
    return chances
