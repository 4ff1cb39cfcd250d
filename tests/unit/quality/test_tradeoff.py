import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeinspect.quality.tradeoff import (
    LabelledScores,
    Prices,
    candidates,
    cheapest,
    chosen_point,
    curve,
    fixed_point,
)

LEVELS = st.lists(st.integers(-5, 5), min_size=1, max_size=15).map(
    lambda levels: np.array(levels, np.float64)
)


@settings(deadline=None)  # the first band of each size takes its time
@given(good=LEVELS, scratch=LEVELS, dent=LEVELS)
def test_the_cheapest_threshold_is_cheaper_than_any_other(
    good: np.ndarray, scratch: np.ndarray, dent: np.ndarray
) -> None:
    bad = np.concatenate([scratch, dent])
    scores = LabelledScores(good, bad, {"scratch": scratch, "dent": dent})
    prices = Prices(escape=20, overkill=1, defect_rate=0.1)
    found = cheapest(scores, prices, 0.95)
    assert found is not None
    for threshold in np.arange(-6, 6.5, 0.5):
        cost = prices.cost(float((good >= threshold).mean()), float((bad < threshold).mean()))
        assert found.cost <= cost + 1e-12
    assert found.cost <= found.cost_at_most


@settings(deadline=None)  # the first band of each size takes its time
@given(good=LEVELS, bad=LEVELS)
def test_the_curve_runs_from_all_failed_to_none(good: np.ndarray, bad: np.ndarray) -> None:
    points = curve(LabelledScores(good, bad, {}), 0.95, 200)
    overkill = [each.overkill.events for each in points if each.overkill]
    escapes = [each.escape.events for each in points if each.escape]
    assert (overkill[0], overkill[-1]) == (good.size, 0)
    assert (escapes[0], escapes[-1]) == (0, bad.size)
    assert overkill == sorted(overkill, reverse=True)
    assert escapes == sorted(escapes)
    assert len(set(zip(overkill, escapes, strict=True))) == len(points)


def test_a_curve_is_thinned_to_what_was_asked() -> None:
    points = curve(LabelledScores(np.arange(500.0), np.empty(0), {}), 0.95, 50)
    assert len(points) == 50
    assert all(each.escape is None and not each.escape_by_class for each in points)


def test_a_threshold_chosen_by_the_scores_promises_less_than_a_fixed_one() -> None:
    bad = np.arange(50.0, 90.0)
    scores = LabelledScores(np.arange(60.0), bad, {"dent": bad})
    fixed, chosen = fixed_point(scores, 58.5, 0.95), chosen_point(scores, 58.5, 0.95)
    assert fixed.overkill and chosen.overkill and fixed.escape and chosen.escape
    assert fixed.overkill.events == chosen.overkill.events == 1
    assert fixed.overkill.at_most < chosen.overkill.at_most
    assert fixed.escape.at_most < chosen.escape.at_most
    assert fixed.escape_by_class["dent"] == fixed.escape


def test_the_bounds_of_the_cheapest_hold_though_it_was_picked_by_luck() -> None:
    rng, held, held_escape = np.random.default_rng(3), 0, 0
    every_good = np.sort(rng.normal(0, 1, 200_000))
    every_bad = np.sort(rng.normal(2, 1, 200_000))
    for _ in range(1000):
        scores = LabelledScores(rng.normal(0, 1, 50), rng.normal(2, 1, 30), {})
        found = cheapest(scores, Prices(10, 1, 0.05), 0.95)
        assert found and found.point.overkill and found.point.escape
        threshold = found.point.threshold
        overkill = 1 - np.searchsorted(every_good, threshold) / every_good.size
        held += bool(overkill <= found.point.overkill.at_most)
        escape = np.searchsorted(every_bad, threshold) / every_bad.size
        held_escape += bool(escape <= found.point.escape.at_most)
    assert min(held, held_escape) >= 950


@pytest.mark.parametrize("wrong", [(-1, 1, 0.1), (1, -1, 0.1), (1, 1, 1.1), (1, float("nan"), 0)])
def test_prices_that_are_none_are_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="prices are 0 or more"):
        Prices(*wrong)


def test_one_kind_of_parts_has_no_cheapest_threshold() -> None:
    alone = LabelledScores(np.arange(5.0), np.empty(0), {})
    assert cheapest(alone, Prices(1, 1, 0.5), 0.95) is None
    assert candidates(LabelledScores(np.empty(0), np.empty(0), {})).size == 0


def test_neighbours_of_the_last_bit_are_still_parted() -> None:
    low = 1.0
    high = float(np.nextafter(low, 2))
    between = candidates(LabelledScores(np.array([low]), np.array([high]), {}))[1]
    assert low < between <= high
