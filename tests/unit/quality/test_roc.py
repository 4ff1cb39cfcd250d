import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.quality.roc import auroc, recall_at_overkill, roc_curve

SCORES = st.lists(st.integers(-5, 5), min_size=1, max_size=20).map(
    lambda scores: np.array(scores, np.float64)
)


@given(good=SCORES, bad=SCORES)
def test_it_is_the_chance_that_a_bad_part_outscores_a_good_one(
    good: np.ndarray, bad: np.ndarray
) -> None:
    pairs = [(b > g) + 0.5 * (b == g) for b in bad for g in good]
    assert auroc(good, bad) == pytest.approx(float(np.mean(pairs)))


@given(good=SCORES, bad=SCORES)
def test_changing_sides_turns_it_around(good: np.ndarray, bad: np.ndarray) -> None:
    assert auroc(good, bad) + auroc(bad, good) == pytest.approx(1.0)


def test_no_parts_are_no_curve() -> None:
    with pytest.raises(ValueError, match="at least one good and one bad"):
        auroc(np.array([]), np.array([1.0]))


@given(good=SCORES, bad=SCORES)
def test_the_area_under_the_curve_is_the_auroc(good: np.ndarray, bad: np.ndarray) -> None:
    curve = roc_curve(good, bad)
    area = (np.diff(curve.across) * (curve.up[1:] + curve.up[:-1])).sum() / 2
    assert area == pytest.approx(auroc(good, bad))
    assert (curve.across[0], curve.up[0]) == (0, 0)
    assert (curve.across[-1], curve.up[-1]) == (1, 1)


@given(good=SCORES, bad=SCORES, overkill=st.sampled_from([0.0, 0.1, 0.5, 1.0]))
def test_no_threshold_of_so_little_overkill_catches_more(
    good: np.ndarray, bad: np.ndarray, overkill: float
) -> None:
    thresholds = [*np.unique(good), *np.nextafter(np.unique(good), np.inf), -9.0]
    caught = [
        int((bad >= threshold).sum())
        for threshold in thresholds
        if (good >= threshold).mean() <= overkill
    ]
    assert recall_at_overkill(good, bad, overkill) == max(caught)
