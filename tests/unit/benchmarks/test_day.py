"""The day's work says when memory grows, and how many parts were inspected."""

from math import isnan

import pytest

from benchmarks.camera.accounts import Accounts, Sample, slope_mb


def sample(parts: int, memory_mb: float) -> Sample:
    return Sample(parts, 0.0, 0.0, memory_mb, 17, 19)


def test_a_slope_leaves_out_what_is_needed_once() -> None:
    warming = [sample(1, 100), sample(1000, 200)]
    flat = [sample(parts, 300) for parts in range(2000, 8000, 1000)]
    assert slope_mb(warming + flat) == pytest.approx(0, abs=1e-6)
    growing = [sample(parts, 300 + parts / 1000) for parts in range(1000, 9000, 1000)]
    assert slope_mb(growing) == pytest.approx(100)
    assert isnan(slope_mb(growing[:2]))


def test_what_is_not_missed_was_inspected() -> None:
    found = Accounts(records=10, serials=10, holes=0, missed={"none came": 2, "eight waited": 1})
    assert found.inspected == 7
