"""The threshold that good parts alone support, and what it promises."""

from math import exp, lgamma, log

import numpy as np
from numpy.typing import NDArray

from ...core.manifest import ThresholdBasis

TARGET_OVERKILL = 0.02
CONFIDENCE = 0.95
TAIL_SHARE = 0.2
LEAST_TAIL = 3


def threshold_from_good(left_out_scores: NDArray[np.float32]) -> ThresholdBasis:
    """Set the threshold that about 2 % of good parts would reach, from n >= 8 left-out scores.

    The highest fifth of the scores (at least 3) is taken for the tail of an exponential, as
    peaks over a threshold are (Pickands, 1975): u + mean excess * log(share above u / target).
    One odd part among the good ones so moves it less than it would move a maximum. The bound
    needs no such form: it is that of the threshold's rank among the scores.
    """
    scores = np.sort(left_out_scores.astype(np.float64))
    count = len(scores)
    tail = max(LEAST_TAIL, round(TAIL_SHARE * count))
    start = float(scores[count - tail - 1])
    excess = float((scores[count - tail :] - start).mean())
    value = start + excess * log(tail / count / TARGET_OVERKILL)
    rank = int(np.searchsorted(scores, value, side="left"))
    method = (
        f"where {TARGET_OVERKILL:.0%} of good parts are expected to fail: exponential tail of the "
        f"{tail} highest of {count} scores, each as by a model taught without its part"
    )
    return ThresholdBasis(
        value=float(np.nextafter(value, np.inf)),
        method=method,
        good_parts=count,
        overkill_bound=round(overkill_bound(count, rank), 4),
        confidence=CONFIDENCE,
    )


def overkill_bound(count: int, rank: int) -> float:
    """Return the largest share of good parts, at 95 %, that score above the `rank`-th of `count`.

    The p with P(Binomial(count, p) <= count - rank) = 5 % (Clopper and Pearson, 1934).
    """
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if _at_most(count - rank, count, middle) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def _at_most(successes: int, trials: int, p: float) -> float:
    """Return P(Binomial(trials, p) <= successes), for 0 < p < 1."""
    return sum(
        exp(
            lgamma(trials + 1)
            - lgamma(k + 1)
            - lgamma(trials - k + 1)
            + k * log(p)
            + (trials - k) * log(1 - p)
        )
        for k in range(successes + 1)
    )
