import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.quality.precision import average_precision, precision_curve

LEVELS = st.lists(st.integers(-5, 5), min_size=1, max_size=20).map(
    lambda levels: np.array(levels, np.float64)
)


@given(good=LEVELS, bad=LEVELS)
def test_it_is_the_sum_over_thresholds_of_precision_times_gained_recall(
    good: np.ndarray, bad: np.ndarray
) -> None:
    total, recall = 0.0, 0.0
    for threshold in sorted({*good, *bad}, reverse=True):
        caught, overdone = (bad >= threshold).sum(), (good >= threshold).sum()
        total += (caught / bad.size - recall) * caught / (caught + overdone)
        recall = caught / bad.size
    assert average_precision(good, bad) == pytest.approx(total)


def test_perfect_is_one_and_worst_is_low() -> None:
    low, high = np.zeros(9), np.ones(3)
    assert average_precision(low, high) == 1.0
    assert average_precision(high, low) == pytest.approx(9 / 12)
    assert precision_curve(low, high).across.tolist() == [1.0]


def test_no_parts_have_no_precision() -> None:
    with pytest.raises(ValueError, match="at least one good and one bad"):
        average_precision(np.empty(0), np.ones(1))
