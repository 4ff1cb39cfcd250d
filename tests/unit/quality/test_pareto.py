"""The Pareto of defect classes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.quality.pareto import ParetoItem, pareto


def test_the_most_frequent_comes_first_and_shares_add_up() -> None:
    assert pareto({"dent": 1, "scratch": 6, "chip": 1, "stain": 0}) == (
        ParetoItem("scratch", 6, 0.75, 0.75),
        ParetoItem("chip", 1, 0.125, 0.875),
        ParetoItem("dent", 1, 0.125, 1.0),
    )


def test_nothing_failed() -> None:
    assert pareto({}) == ()


@given(st.dictionaries(st.text(max_size=5), st.integers(1, 10**9), min_size=1))
def test_it_falls_and_ends_at_one(parts_by_class: dict[str, int]) -> None:
    items = pareto(parts_by_class)
    assert {item.class_name: item.parts for item in items} == parts_by_class
    assert [item.parts for item in items] == sorted(parts_by_class.values(), reverse=True)
    assert items[-1].cumulative == 1.0
    assert sum(item.share for item in items) == pytest.approx(1.0)
