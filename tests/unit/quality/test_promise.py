"""What is promised of good parts holds as often as it is claimed."""

from collections.abc import Callable

import numpy as np
import pytest

from edgeinspect.quality.binomial import upper_bound
from edgeinspect.quality.promise import Promise, promise
from edgeinspect.quality.upcoming import most_of_upcoming

SPLITS, CONFIDENCE = 1000, 0.95
FEWEST_HELD = CONFIDENCE * SPLITS - 2.33 * (SPLITS * CONFIDENCE * (1 - CONFIDENCE)) ** 0.5
"""Fewer than that would come of a bound that holds in 95 % of cases once in a hundred runs."""

Draw = Callable[[np.random.Generator, int], np.ndarray]
SHAPES: dict[str, Draw] = {
    "normal": lambda rng, count: rng.normal(3, 1, count),
    "log-normal": lambda rng, count: rng.lognormal(0, 1, count),
    "heavy tail": lambda rng, count: rng.standard_t(2, count),
    "two lots": lambda rng, count: rng.normal(0, 1, count) + 6 * (rng.random(count) < 0.03),
    "ties": lambda rng, count: rng.normal(3, 1, count).round(1),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("count", "overkill"), [(40, 0.1), (149, 0.02), (700, 0.02)])
def test_overkill_stays_below_what_was_promised(shape: str, count: int, overkill: float) -> None:
    rng = np.random.default_rng(count)
    every = np.sort(SHAPES[shape](rng, 400_000))
    held = 0
    for _ in range(SPLITS):
        made = promise(SHAPES[shape](rng, count), overkill, CONFIDENCE)
        assert made.threshold is not None
        held += bool(1 - np.searchsorted(every, made.threshold) / every.size <= overkill)
    assert held >= FEWEST_HELD


@pytest.mark.parametrize("shape", SHAPES)
def test_the_bound_of_a_threshold_that_was_fixed_before_holds(shape: str) -> None:
    rng = np.random.default_rng(7)
    every = np.sort(SHAPES[shape](rng, 400_000))
    threshold = float(np.quantile(every, 0.97))
    overkill = 1 - np.searchsorted(every, threshold) / every.size
    held = 0
    for _ in range(SPLITS):
        events = int((SHAPES[shape](rng, 120) >= threshold).sum())
        held += bool(overkill <= upper_bound(events, 120, CONFIDENCE))
    assert held >= FEWEST_HELD


@pytest.mark.parametrize(("count", "rest"), [(60, 60), (149, 800), (300, 100)])
def test_of_parts_split_at_random_the_rest_keeps_the_promise(count: int, rest: int) -> None:
    rng = np.random.default_rng(rest)
    pool = rng.lognormal(0, 1, count + rest)
    most, held = most_of_upcoming(1, count, rest, CONFIDENCE), 0
    for _ in range(SPLITS):
        rng.shuffle(pool)
        threshold = np.sort(pool[:count])[count - 2]
        held += bool((pool[count:] > threshold).sum() <= most)
    assert held >= FEWEST_HELD


def test_the_rest_is_not_given_more_than_it_takes() -> None:
    most = most_of_upcoming(0, 149, 100, CONFIDENCE)
    rng = np.random.default_rng(0)
    highest = rng.random((20_000, 149)).max(axis=1)
    reached = (rng.random((20_000, 100)) > highest[:, None]).sum(axis=1)
    assert (reached <= most).mean() >= CONFIDENCE > (reached <= most - 1).mean()


def test_too_few_parts_promise_nothing_and_say_how_many_would() -> None:
    assert promise(np.arange(148.0), 0.02, 0.95) == Promise(0.02, 0.95, None, None, None, 149)
    assert promise(np.empty(0), 0.02, 0.95).threshold is None


def test_the_threshold_lies_just_above_the_part_that_may_no_longer_fail() -> None:
    made = promise(np.arange(300.0), 0.02, 0.95)
    assert made.allowed == 1
    assert made.threshold == np.nextafter(298.0, np.inf)
    assert made.at_most == upper_bound(1, 300, 0.95)
