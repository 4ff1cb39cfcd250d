"""The threshold that good parts alone support, and what it promises."""

from math import ceil, exp, lgamma, log

import numpy as np
from numpy.typing import NDArray

from ...core.manifest import ThresholdBasis

TARGET_OVERKILL = 0.02
CONFIDENCE = 0.95


def threshold_from_good(held_out_scores: NDArray[np.float32], folds: int) -> ThresholdBasis:
    """Set the threshold just above the k-th lowest of n held-out scores of good parts.

    k = ceil((n + 1)(1 - target)), at most n: then a next good part, alike, fails with probability
    (n + 1 - k) / (n + 1) (split conformal prediction; Vovk et al., 2005).
    """
    count = len(held_out_scores)
    rank = min(count, ceil((count + 1) * (1 - TARGET_OVERKILL)))
    value = float(np.nextafter(np.sort(held_out_scores)[rank - 1], np.float32(np.inf)))
    bound = overkill_bound(count, rank)
    expected = (count + 1 - rank) / (count + 1)
    method = (
        f"just above the score of rank {rank} of {count} good parts, each scored by a model "
        f"taught without it ({folds} folds); {expected:.1%} of good parts are expected to fail"
    )
    return ThresholdBasis(
        value=value, method=method, good_parts=count, overkill_bound=bound, confidence=CONFIDENCE
    )


def overkill_bound(count: int, rank: int) -> float:
    """Return the share of good parts above the `rank`-th of `count` scores, bounded at 95 %.

    The largest p with P(Binomial(count, p) <= count - rank) >= 5 % (Clopper and Pearson, 1934);
    found by bisection.
    """
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(count - rank, count, middle) >= 1 - CONFIDENCE:
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
