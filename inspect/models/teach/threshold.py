"""The threshold that good parts alone support, and what it promises."""

from math import ceil, log

import numpy as np
from numpy.typing import NDArray

from ...core.manifest import ThresholdBasis
from ...quality.binomial import upper_bound
from ...quality.promise import above

TARGET_OVERKILL = 0.02
CONFIDENCE = 0.95
TAIL_SHARE = 0.2
LEAST_TAIL = 3


def threshold_from_good(left_out_scores: NDArray[np.floating]) -> ThresholdBasis:
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
        f"{tail} highest of {count} scores, each as by a model taught without its part, so the "
        "bound is cross-validated: of models taught alike, not of this very one"
    )
    return ThresholdBasis(
        value=above(value),
        method=method,
        good_parts=count,
        overkill_bound=ceil(1e4 * upper_bound(count - rank, count, CONFIDENCE)) / 1e4,
        confidence=CONFIDENCE,
    )
