"""Rates, against published figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.quality.rates import Tally, rate


@pytest.mark.parametrize(
    ("parts", "of", "low", "high"),
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_agrees_with_newcombe(parts: int, of: int, low: float, high: float) -> None:
    found = rate(parts, of)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_no_parts_have_no_rate() -> None:
    assert rate(0, 0) is None


@pytest.mark.parametrize(("parts", "of"), [(1, 0), (-1, 5), (6, 5)])
def test_no_share_is_refused(parts: int, of: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        rate(parts, of)


@given(st.integers(1, 10**9).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_holds_the_rate_and_mirrors(share: tuple[int, int]) -> None:
    parts, of = share
    found, mirrored = rate(parts, of), rate(of - parts, of)
    assert found is not None and mirrored is not None
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low == pytest.approx(1 - mirrored.high, abs=1e-9)


def test_a_tally_adds_up_and_yields_its_rates() -> None:
    tally = Tally(6, 2, 1, 8, 5) + Tally(1, 0, 0, 1, 1)
    assert tally == Tally(7, 2, 1, 9, 6)
    assert tally.inspected == 10
    assert tally.defect_rate == rate(2, 10)
    assert tally.first_pass_yield == rate(6, 9)
    assert Tally().defect_rate is None


def test_certainty_is_never_claimed_of_few_parts() -> None:
    found = rate(5, 5)
    assert found is not None
    assert (found.value, round(found.low, 4), found.high) == (1.0, 0.5655, 1.0)
