import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.quality.roc import auroc

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
