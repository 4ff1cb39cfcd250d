"""Two models on the same images: whether they differ, or whether it is chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.inspection import ModelRef
from ...core.verdict import Verdict
from ...quality.paired import (
    Difference,
    Disagreement,
    PairedScores,
    auroc_difference,
    bootstrapped,
    disagreement,
)
from ...quality.roc import Scores
from .outcome import Outcome

SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The second model held against the first, image by image.

    `auroc` is second less first over the images that both scored, by the test of DeLong, and
    `auroc_bootstrap` its interval by drawing parts anew; null unless two good and two bad ones
    were. `overkill` and `escapes` count the parts that just one of the two got wrong, by the exact
    test of McNemar. A p below 0.05 is called a difference.
    """

    first: ModelRef
    second: ModelRef
    good: int
    bad: int
    auroc: Difference | None
    auroc_bootstrap: Interval | None
    overkill: Disagreement
    escapes: Disagreement


def compare(
    first: ModelRef,
    first_outcomes: Sequence[Outcome],
    second: ModelRef,
    second_outcomes: Sequence[Outcome],
) -> Comparison:
    """Compare what two models made of the same images, in the same order."""
    pairs = list(zip(first_outcomes, second_outcomes, strict=True))
    good = [pair for pair in pairs if pair[0].image.is_good]
    bad = [pair for pair in pairs if not pair[0].image.is_good]
    scores = PairedScores(*_scores(good), *_scores(bad))
    is_ranked = min(scores.first_good.size, scores.first_bad.size) >= 2
    return Comparison(
        first,
        second,
        len(good),
        len(bad),
        auroc_difference(scores) if is_ranked else None,
        Interval(*bootstrapped(scores)) if is_ranked else None,
        _wrong(good, Verdict.FAIL),
        _wrong(bad, Verdict.PASS),
    )


def _scores(pairs: Sequence[tuple[Outcome, Outcome]]) -> tuple[Scores, Scores]:
    """Return the scores of both for the images that both scored."""
    scored = [(one.score, other.score) for one, other in pairs]
    both = [each for each in scored if None not in each]
    first, second = np.array(both, np.float64).reshape(-1, 2).T
    return first, second


def _wrong(pairs: Sequence[tuple[Outcome, Outcome]], verdict: Verdict) -> Disagreement:
    """Count the parts that got this wrong verdict from just one of the two."""
    wrong = [(one.verdict is verdict, other.verdict is verdict) for one, other in pairs]
    return disagreement(wrong.count((True, False)), wrong.count((False, True)))
