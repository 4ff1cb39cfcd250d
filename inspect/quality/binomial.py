"""What counts of parts say of all parts like them, with a guarantee."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, expm1, lgamma, log, log1p

import numpy as np
from numpy.typing import NDArray

_BISECTIONS = 50
MOST_PARTS = 1_000_000
"""More than that are never asked for."""


@dataclass(frozen=True, slots=True)
class BoundedRate:
    """`events` of `of` parts, 0 to 1 as `value`, and what holds for all parts like them.

    The true share is at least `at_least` with the confidence that was asked for, and at most
    `at_most` with that confidence.
    """

    events: int
    of: int
    value: float
    at_least: float
    at_most: float


def bounded_rate(events: int, of: int, confidence: float) -> BoundedRate | None:
    """Return the share `events / of` with a bound to each side; None of no parts at all."""
    if of == 0:
        return None
    at_least = 1 - upper_bound(of - events, of, confidence)
    return BoundedRate(events, of, events / of, at_least, upper_bound(events, of, confidence))


def upper_bound(events: int, of: int, confidence: float) -> float:
    """Return the largest share of all parts, 0 to 1, that is compatible with `events` of `of`.

    The p with P(Binomial(of, p) <= events) = 1 - confidence (C. J. Clopper and E. S. Pearson,
    "The use of confidence or fiducial limits illustrated in the case of the binomial",
    Biometrika 26 (1934) 404-413). It is also the bound for what lies above an order statistic
    (S. S. Wilks, "Determination of sample sizes for setting tolerance limits", Annals of
    Mathematical Statistics 12 (1941) 91-96): of n scores, for the (events + 1)-th highest.
    Raises ValueError unless 0 <= events <= of, of > 0 and 0 < confidence < 1.
    """
    if not (0 <= events <= of and of > 0 and 0 < confidence < 1):
        raise ValueError(f"{events} of {of} parts at {confidence} has no bound")
    if events == of:
        return 1.0
    if events == 0:
        return -expm1(log1p(-confidence) / of)
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if at_most(events, of, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def at_most(events: int, of: int, share: float) -> float:
    """Return P(Binomial(of, share) <= events), for 0 < share < 1."""
    ways = _log_ways(of)[: events + 1]
    hits = np.arange(events + 1)
    terms = ways + hits * log(share) + (of - hits) * log1p(-share)
    return min(1.0, float(np.exp(terms).sum()))


def most_events(share: float, of: int, confidence: float) -> int | None:
    """Return how many of `of` parts may show it for the bound to stay at `share` or below.

    None when not even none of them would do.
    """
    if of == 0 or not _promises(share, of, 0, confidence):
        return None
    low, high = 0, of
    while high - low > 1:
        middle = (low + high) // 2
        if _promises(share, of, middle, confidence):
            low = middle
        else:
            high = middle
    return low


def parts_needed(share: float, confidence: float, events: int = 0) -> int | None:
    """Return the least number of parts whose bound is `share` or below when `events` show it.

    None when it is more than `MOST_PARTS`. Raises ValueError unless both shares lie between 0
    and 1.
    """
    if not (0 < share < 1 and 0 < confidence < 1):
        raise ValueError(f"no number of parts promises {share} at {confidence}")
    with_none = ceil(log1p(-confidence) * (1 - 1e-12) / log1p(-share))
    low, high = max(with_none, events + 1) - 1, max(with_none, events + 1)
    while high <= MOST_PARTS and not _promises(share, high, events, confidence):
        low, high = high, 2 * high
    if high > MOST_PARTS:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if _promises(share, middle, events, confidence):
            high = middle
        else:
            low = middle
    return high


def _promises(share: float, of: int, events: int, confidence: float) -> bool:
    if events == 0:
        return of * log1p(-share) <= log1p(-confidence) * (1 - 1e-12)
    return at_most(events, of, share) <= 1 - confidence


@lru_cache(maxsize=64)
def _log_ways(of: int) -> NDArray[np.float64]:
    """Return the logarithm of `of` over k for k = 0 ... of."""
    factorials = np.array([lgamma(k + 1) for k in range(of + 1)])
    ways: NDArray[np.float64] = factorials[-1] - factorials - factorials[::-1]
    return ways
