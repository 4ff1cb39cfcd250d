import numpy as np
import pytest

from edgeinspect.quality.band import band, holds_together
from edgeinspect.quality.binomial import upper_bound


@pytest.mark.parametrize("of", [1, 2, 17, 60, 400])
def test_all_bounds_hold_at_once_as_often_as_claimed(of: int) -> None:
    made = band(of, 0.95)
    shares = np.sort(np.random.default_rng(of).random((4000, of)), axis=1)
    limits = np.array([made.upper(events) for events in range(of)])
    held = float((shares <= limits).all(axis=1).mean())
    assert held == pytest.approx(0.95, abs=0.012)


def test_single_bounds_would_not_hold_at_once() -> None:
    events = tuple(range(60))
    single = tuple(upper_bound(each, 60, 0.95) for each in events)
    assert holds_together(60, events, single) < 0.85


def test_the_chance_of_one_bound_is_the_binomials() -> None:
    for events in (0, 3, 9):
        bound = upper_bound(events, 10, 0.95)
        assert holds_together(10, (events,), (bound,)) == pytest.approx(0.95)


def test_a_rate_lies_between_its_bounds() -> None:
    made = band(200, 0.9)
    for events in range(201):
        rate = made.rate(events)
        assert 0 <= rate.at_least <= rate.value <= rate.at_most <= 1
        assert rate.at_most >= upper_bound(events, 200, 0.9)
