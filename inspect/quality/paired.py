"""Whether two models differ, told from the same parts judged by both."""

from dataclasses import dataclass
from math import erfc, exp, lgamma, log, sqrt

import numpy as np

from .rates import Z_95
from .roc import Scores, auroc, outscored

BOOTSTRAPS = 2_000


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference, second less first, its 95 % interval, and the two-sided p of no difference."""

    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Disagreement:
    """On how many parts only the first, and only the second was wrong; p of no difference."""

    only_first: int
    only_second: int
    p: float


@dataclass(frozen=True, slots=True)
class PairedScores:
    """The scores of two models for the same good and the same bad parts, in the same order."""

    first_good: Scores
    second_good: Scores
    first_bad: Scores
    second_bad: Scores


def auroc_difference(scores: PairedScores) -> Difference:
    """Return how much higher the second's AUROC is, by the test of DeLong.

    E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, "Comparing the areas under two or more
    correlated receiver operating characteristic curves: a nonparametric approach", Biometrics 44
    (1988) 837-845. Raises ValueError with fewer than two parts of either kind.
    """
    if min(scores.first_good.size, scores.first_bad.size) < 2:
        raise ValueError("a comparison needs at least two good and two bad parts")
    of_bad, of_good = _placements(scores)
    value = float(of_bad.mean())
    error = sqrt(
        float(of_bad.var(ddof=1)) / of_bad.size + float(of_good.var(ddof=1)) / of_good.size
    )
    if error == 0:
        return Difference(value, value, value, 1.0 if value == 0 else 0.0)
    low, high = max(-1.0, value - Z_95 * error), min(1.0, value + Z_95 * error)
    return Difference(value, low, high, erfc(abs(value) / error / sqrt(2)))


def bootstrapped(scores: PairedScores, seed: int = 0) -> tuple[float, float]:
    """Return the 95 % interval of the same difference, from parts drawn anew 2,000 times.

    Good and bad parts are drawn apart, both models' scores of a part together (percentile method;
    B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13).
    """
    rng, goods, bads = np.random.default_rng(seed), scores.first_good.size, scores.first_bad.size
    differences = np.empty(BOOTSTRAPS)
    for turn in range(BOOTSTRAPS):
        good, bad = rng.integers(goods, size=goods), rng.integers(bads, size=bads)
        first = auroc(scores.first_good[good], scores.first_bad[bad])
        differences[turn] = auroc(scores.second_good[good], scores.second_bad[bad]) - first
    low, high = np.quantile(differences, (0.025, 0.975))
    return float(low), float(high)


def disagreement(only_first: int, only_second: int) -> Disagreement:
    """Return the exact test of McNemar on the parts of which just one model was right.

    Q. McNemar, "Note on the sampling error of the difference between correlated proportions",
    Psychometrika 12 (1947) 153-157; p is the binomial's, twice the smaller tail.
    """
    split = only_first + only_second
    fewer = min(only_first, only_second)
    terms = (lgamma(split + 1) - lgamma(k + 1) - lgamma(split - k + 1) for k in range(fewer + 1))
    tail = sum(exp(term - split * log(2)) for term in terms)
    return Disagreement(only_first, only_second, min(1.0, 2 * tail))


def _placements(scores: PairedScores) -> tuple[Scores, Scores]:
    """Return for each bad part, and each good one, how much better the second places it."""
    of_bad = outscored(scores.second_good, scores.second_bad) - outscored(
        scores.first_good, scores.first_bad
    )
    of_good = outscored(scores.first_bad, scores.first_good) - outscored(
        scores.second_bad, scores.second_good
    )
    return of_bad, of_good
