"""What is made of a counter that begins anew, and where the belt was when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.station.gate.belt import HISTORY_S, STALE_S, Belt, Odometer, Reading


@given(
    st.sampled_from([16, 32]),
    st.integers(0, 2**32 - 1),
    st.lists(st.floats(0, 1, exclude_max=True), max_size=30),
)
def test_the_way_is_what_the_belt_moved_however_often_the_counter_began_anew(
    bits: int, start: int, shares: list[float]
) -> None:
    size = 1 << bits
    odometer, moved = Odometer(bits), 0
    odometer.follow(start % size)
    for share in shares:
        moved += int(share * (size // 2))
        assert odometer.follow((start + moved) % size) == moved


@given(st.sampled_from([16, 32]), st.integers(0, 2**32 - 1), st.floats(0, 1), st.integers(0, 50))
def test_no_step_of_half_the_counter_or_more_is_believed(
    bits: int, start: int, share: float, jitter: int
) -> None:
    size = 1 << bits
    step = size // 2 + int(share * (size // 2 - jitter - 1))
    odometer = Odometer(bits, jitter)
    odometer.follow(start % size)
    with pytest.raises(ValueError, match=f"the encoder jumped from {start % size} to"):
        odometer.follow((start + step) % size)


@given(st.integers(0, 65_535), st.lists(st.integers(-3, 0), max_size=20), st.integers(0, 100))
def test_a_belt_that_trembles_at_rest_makes_no_way(
    rest: int, trembles: list[int], then: int
) -> None:
    odometer = Odometer(16, jitter=3)
    odometer.follow(rest)
    assert all(odometer.follow((rest + each) % 65_536) == 0 for each in trembles)
    assert odometer.follow((rest + then) % 65_536) == then


def _belt(*readings: tuple[float, int]) -> Belt:
    belt = Belt(Odometer(16))
    for at_s, held in readings:
        assert belt.note(Reading(at_s, held)) is None
    return belt


def test_where_it_was_between_two_readings_is_reckoned() -> None:
    belt = _belt((10.0, 65_530), (10.1, 4), (10.2, 4), (10.3, 24))
    assert belt.way == 30
    ways = [belt.way_at(at_s) for at_s in (10.0, 10.05, 10.15, 10.25, 10.3)]
    assert ways == [pytest.approx(way) for way in (0, 5, 10, 20, 30)]
    assert belt.way_at(9.9) is None
    assert belt.way_at(10.4) is None
    assert belt.reached_s(5) == pytest.approx(10.05)
    assert belt.reached_s(10) == pytest.approx(10.1), "when it came there first"
    assert belt.reached_s(31) is None
    assert belt.reached_s(0) is None, "it may have been there for long"


def test_after_a_jump_the_way_grows_on_and_nothing_is_known_of_before() -> None:
    belt = _belt((10.0, 1000), (10.1, 1010))
    assert belt.note(Reading(10.2, 500)) == (
        "the encoder jumped from 1010 to 500; see its bits, and what resets it"
    )
    assert belt.note(Reading(10.3, 510)) is None
    assert belt.way == 20
    assert belt.way_at(10.1) is None
    assert belt.way_at(10.2) == 10


def test_a_silence_loses_it() -> None:
    belt = _belt((10.0, 1000))
    assert belt.check(10.0 + STALE_S) is None
    assert belt.check(11.0) == "the encoder was not read for 1.0 s"
    assert belt.check(11.0) is None
    assert not belt.is_known
    assert belt.note(Reading(11.1, 7)) is None
    assert belt.note(Reading(13.1, 8)) == "the encoder was not read for 2.0 s"
    assert belt.is_known
    assert belt.way == 0


def test_its_history_has_an_end() -> None:
    belt = _belt(*((step * 0.4, step) for step in range(int(HISTORY_S / 0.4) + 10)))
    assert belt.way_at(0.4) is None
    assert belt.way_at(8.0) == 20
