import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.quality.paired import (
    PairedScores,
    auroc_difference,
    bootstrapped,
    disagreement,
)
from edgeinspect.quality.roc import auroc


def _drawn(seed: int, better: float = 0.0, goods: int = 60, bads: int = 40) -> PairedScores:
    rng = np.random.default_rng(seed)
    good, bad = rng.normal(0, 1, goods), rng.normal(1, 1, bads)
    return PairedScores(
        first_good=good + rng.normal(0, 1, goods),
        second_good=good + rng.normal(0, 1, goods),
        first_bad=bad + rng.normal(0, 1, bads),
        second_bad=bad + rng.normal(better, 1, bads),
    )


def _by_definition(scores: PairedScores) -> tuple[float, float]:
    """Return difference and variance as DeLong writes them, from all pairs."""

    def wins(good: np.ndarray, bad: np.ndarray) -> np.ndarray:
        return np.asarray((bad[:, None] > good) + 0.5 * (bad[:, None] == good))

    first = wins(scores.first_good, scores.first_bad)
    second = wins(scores.second_good, scores.second_bad)
    both_bad = np.cov(first.mean(axis=1), second.mean(axis=1))
    both_good = np.cov(first.mean(axis=0), second.mean(axis=0))
    cov = both_bad / first.shape[0] + both_good / first.shape[1]
    return second.mean() - first.mean(), cov[0, 0] + cov[1, 1] - 2 * cov[0, 1]


@given(seed=st.integers(0, 10_000), decimals=st.integers(0, 3))
def test_it_is_delongs_with_ties_and_without(seed: int, decimals: int) -> None:
    drawn = _drawn(seed)
    scores = PairedScores(
        drawn.first_good.round(decimals), drawn.second_good.round(decimals),
        drawn.first_bad.round(decimals), drawn.second_bad.round(decimals),
    )  # fmt: skip
    value, variance = _by_definition(scores)
    found = auroc_difference(scores)
    assert found.value == pytest.approx(value, abs=1e-12)
    if found.high < 1:
        assert (found.high - found.value) / 1.959964 == pytest.approx(variance**0.5, rel=1e-5)


def test_models_that_do_not_differ_are_told_apart_no_more_often_than_claimed() -> None:
    found = [auroc_difference(_drawn(seed)).p for seed in range(1000)]
    assert 0.03 <= float(np.mean(np.array(found) < 0.05)) <= 0.07


def test_a_better_model_is_found_by_both_tests() -> None:
    scores = _drawn(1, better=1.5)
    found, (low, high) = auroc_difference(scores), bootstrapped(scores)
    true = auroc(scores.second_good, scores.second_bad)
    assert found.value == pytest.approx(true - auroc(scores.first_good, scores.first_bad))
    assert found.p < 0.01
    assert 0 < found.low < found.value < found.high
    assert (low, high) == pytest.approx((found.low, found.high), abs=0.03)


def test_a_model_does_not_differ_from_itself() -> None:
    scores = _drawn(2)
    same = PairedScores(scores.first_good, scores.first_good, scores.first_bad, scores.first_bad)
    found = auroc_difference(same)
    assert (found.value, found.low, found.high, found.p) == (0, 0, 0, 1)
    assert bootstrapped(same) == (0, 0)


def test_single_parts_are_no_comparison() -> None:
    one = np.ones(1)
    with pytest.raises(ValueError, match="at least two"):
        auroc_difference(PairedScores(one, one, one, one))


@pytest.mark.parametrize(
    ("only_first", "only_second", "p"),
    # Twice the binomial's tail: 2 P(B(20, 1/2) <= 5), 2 P(B(6, 1/2) = 0).
    [(5, 15, 0.041389), (0, 6, 0.03125), (6, 0, 0.03125), (3, 3, 1.0), (0, 0, 1.0)],
)
def test_mcnemar_is_exact(only_first: int, only_second: int, p: float) -> None:
    assert disagreement(only_first, only_second).p == pytest.approx(p, abs=1e-6)


def test_many_disagreements_do_not_overflow() -> None:
    assert disagreement(5000, 5000).p == 1.0
    assert disagreement(4000, 6000).p < 1e-6
