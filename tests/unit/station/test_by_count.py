"""When the gate is open, by the count of an encoder whose readings are played to it."""

from dataclasses import dataclass, field
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.station.gate.belt import Belt, Odometer, Reading
from edgeinspect.station.gate.by_count import ByCount
from edgeinspect.station.gate.plan import Plan

POLL_S = 0.01
DELAY, HOLD = 100, 20


@dataclass
class Played:
    """Readings as a test gives them."""

    waiting: list[Reading | str] = field(default_factory=list)
    wake: int | None = None

    def news(self) -> list[Reading | str]:
        told, self.waiting = self.waiting, []
        return told

    def close(self) -> None:
        pass


class Scene:
    """A line by count, and a clock that goes on by the readings it is given."""

    def __init__(self, *, rests_open: bool = True) -> None:
        self._played = Played()
        self.now_s = 0.0
        self.line = ByCount(Plan(rests_open=rests_open), Belt(Odometer(16)), self._played)

    def read(self, *held: int) -> bool:
        """Read so; return whether the gate is to be open then."""
        for count in held:
            self.now_s += POLL_S
            self._played.waiting.append(Reading(self.now_s, count % 65_536))
        return self.line.is_open(self.now_s)

    def fail(self, why: str) -> bool:
        self.now_s += POLL_S
        self._played.waiting.append(why)
        return self.line.is_open(self.now_s)

    def expect(self, part: int, captured_s: float | None = None) -> None:
        self.line.expect(part, self.now_s if captured_s is None else captured_s, DELAY, HOLD)

    def rule(self, part: int, good: bool) -> dict[str, float] | None:
        return self.line.rule(part, good=good, now_s=self.now_s)


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    assert not scene.line.is_open(0.0), "nobody knows where the belt is"
    assert scene.read(65_500)
    return scene


def test_a_bad_part_is_met_for_its_counts_and_the_counter_begins_anew(scene: Scene) -> None:
    scene.expect(1)
    scene.rule(1, good=False)
    assert [scene.read(65_500 + way) for way in (99, 100, 119, 120)] == [True, False, False, True]


def test_a_good_part_goes_through(scene: Scene) -> None:
    scene.expect(1)
    assert scene.rule(1, good=True) is None
    assert all(scene.read(65_500 + way) for way in (50, 100, 119, 120))


def test_a_belt_that_stands_keeps_its_part_due_and_not_late(scene: Scene) -> None:
    scene.expect(1)
    assert scene.read(*[65_560] * 500)
    assert scene.rule(1, good=True) is None
    assert scene.read(65_600)


def test_a_verdict_is_late_by_counts(scene: Scene) -> None:
    scene.expect(1)
    assert not scene.read(65_612)
    assert scene.rule(1, good=True) == {"late_counts": 12}
    assert not scene.read(65_615), "it was at the gate"
    assert scene.read(65_620)


def test_a_part_between_two_readings_is_placed_between_them(scene: Scene) -> None:
    scene.expect(1, captured_s=scene.now_s + POLL_S / 2)
    scene.rule(1, good=False)
    assert scene.read(65_510)
    assert [scene.read(65_505 + way) for way in (99, 100, 119, 120)] == [True, False, False, True]


def test_a_part_foreseen_is_placed_when_its_time_comes_and_keeps_its_verdict(scene: Scene) -> None:
    scene.expect(1, captured_s=scene.now_s + 3 * POLL_S)
    scene.rule(1, good=True)
    scene.expect(2, captured_s=scene.now_s + 6 * POLL_S)
    scene.rule(2, good=False)
    assert scene.read(65_600)
    assert scene.read(65_700, 65_800)
    assert scene.read(65_900), "the first is at the gate, and good"
    assert scene.read(66_000, 66_100)
    assert scene.read(66_199)
    assert not scene.read(66_200)


def test_while_it_cannot_be_read_and_for_the_longest_way_after_nothing_passes(
    scene: Scene,
) -> None:
    scene.expect(1)
    scene.rule(1, good=True)
    assert not scene.fail("the PLC is away")
    assert scene.line.trouble == (
        "the gate is closed until the encoder of the belt is read again (the PLC is away)."
    )
    assert not scene.read(7)
    assert scene.line.trouble == (
        "the gate stays closed until the belt has moved on by 120 counts, "
        "for nobody knows what is on it (the PLC is away)."
    )
    assert not scene.read(7 + 119)
    assert scene.read(7 + 120)
    assert scene.line.trouble is None


def test_a_part_seen_meanwhile_begins_the_way_anew(scene: Scene) -> None:
    scene.fail("the PLC is away")
    assert scene.read(7), "no part was seen yet"
    assert scene.line.trouble is None
    scene.fail("the PLC is away")
    scene.expect(1)
    scene.rule(1, good=True)
    assert not scene.read(50)
    assert "(the PLC is away)" in str(scene.line.trouble)
    assert not scene.read(169)
    assert scene.read(170)


def test_a_part_of_before_anything_was_read_holds_it_shut(scene: Scene) -> None:
    scene.expect(1, captured_s=0.0)
    scene.rule(1, good=True)
    assert not scene.read(65_501)
    assert "a part was seen while the encoder was not read" in str(scene.line.trouble)
    assert not scene.read(65_619)
    assert scene.read(65_620)


def test_a_jump_shuts_it_and_forgets_the_parts(scene: Scene) -> None:
    scene.expect(1)
    scene.rule(1, good=True)
    assert not scene.read(40_000, 30_000)
    assert "the encoder jumped" in str(scene.line.trouble)
    assert not scene.read(30_119)
    assert scene.rule(1, good=False) is None, "nobody knows whether it is late"
    assert scene.read(30_120)
    assert scene.read(30_240)


def test_a_silence_shuts_it(scene: Scene) -> None:
    assert scene.line.next_look_s(scene.now_s) == pytest.approx(scene.now_s + 0.5)
    scene.now_s += 0.6
    assert not scene.line.is_open(scene.now_s)
    assert scene.line.next_look_s(scene.now_s) is None
    assert "was not read for 0.6 s" in str(scene.line.trouble)


def test_parts_that_the_station_could_not_tell_of_hold_it_shut(scene: Scene) -> None:
    scene.line.lose(span=300)
    assert not scene.read(65_799)
    assert scene.read(65_800)


def test_what_passed_the_camera_unseen_meets_a_closed_gate(scene: Scene) -> None:
    since_s = scene.now_s
    scene.read(*range(65_510, 65_600, 10))
    scene.line.unseen(7, (since_s, scene.now_s), DELAY, HOLD)
    assert scene.line.trouble is None
    assert scene.read(65_500 + DELAY - 1)
    for count in (65_500 + DELAY, 65_590 + DELAY + HOLD - 1):
        assert not scene.read(count)
    assert scene.read(65_590 + DELAY + HOLD)


def test_of_what_passed_before_anything_was_read_the_whole_way_is_waited_for(scene: Scene) -> None:
    scene.line.unseen(7, (0.0, scene.now_s), DELAY, HOLD)
    assert "passed the camera unseen" in str(scene.line.trouble)
    assert not scene.read(65_500 + DELAY + HOLD - 1)
    assert scene.read(65_500 + DELAY + HOLD)
    assert scene.line.trouble is None


def test_since_when_is_reckoned_from_the_count(scene: Scene) -> None:
    scene.expect(1)
    scene.rule(1, good=False)
    before_s = scene.now_s
    assert scene.read(65_590)
    assert not scene.read(65_610)
    assert scene.line.since_s(scene.now_s, before_s) == pytest.approx(before_s + 1.5 * POLL_S)
    closed_s = scene.now_s
    assert scene.read(65_630)
    assert scene.line.since_s(scene.now_s, closed_s) == pytest.approx(closed_s + POLL_S / 2)


@given(
    st.lists(st.integers(0, 60), min_size=5, max_size=60),
    st.lists(st.tuples(st.integers(0, 59), st.integers(0, 40), st.booleans()), max_size=6),
    st.booleans(),
)
def test_no_bad_part_passes_and_no_good_one_alone_is_stopped(
    steps: list[int], parts: list[tuple[int, int, bool]], rests_open: bool
) -> None:
    scene = Scene(rests_open=rests_open)
    seen: dict[int, int] = {}
    good_ones: set[int] = set()
    for turn, way in enumerate(accumulate(steps, initial=65_000)):
        is_open = scene.read(way)
        at_gate = {part for part, at in seen.items() if DELAY <= way - at < DELAY + HOLD}
        if at_gate:
            assert is_open is (at_gate <= good_ones)
        for part, (captured, wait, good) in enumerate(parts):
            if captured == turn:
                scene.expect(part)
                seen[part] = way
            if captured + wait == turn and scene.rule(part, good=good) is None and good:
                good_ones.add(part)
