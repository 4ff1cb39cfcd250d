import numpy as np
import pytest

from edgeinspect.models.teach.threshold import threshold_from_good

POPULATION = np.sort(np.random.default_rng(0).lognormal(0, 0.5, 20_000))


@pytest.mark.parametrize("count", [8, 30, 200])
def test_overkill_is_near_the_target_and_the_bound_holds(count: int) -> None:
    rng = np.random.default_rng(count)
    share, held = [], 0
    for _ in range(300):
        basis = threshold_from_good(rng.lognormal(0, 0.5, count).astype(np.float32))
        overkill = float((basis.value <= POPULATION).mean())
        share.append(overkill)
        held += basis.overkill_bound is not None and overkill <= basis.overkill_bound
    assert np.mean(share) < 0.02 + 0.6 / count
    assert held >= 0.95 * 300


def test_alike_scores_do_not_divide_by_nothing() -> None:
    basis = threshold_from_good(np.full(10, 2.5, np.float32))
    assert basis.value > 2.5
    assert basis.value == pytest.approx(2.5)


def test_more_good_parts_promise_more() -> None:
    rng = np.random.default_rng(0)
    bounds = [
        threshold_from_good(rng.normal(3, 1, count).astype(np.float32)).overkill_bound or 1
        for count in (10, 50, 1000)
    ]
    assert bounds == sorted(bounds, reverse=True)


def test_it_says_that_the_bound_is_cross_validated() -> None:
    basis = threshold_from_good(np.arange(20, dtype=np.float32))
    assert "cross-validated" in basis.method
