"""Spans in which parts may have passed the camera unseen."""

from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.station.gate.lines import ByClock
from edgeinspect.station.gate.plan import Plan
from edgeinspect.station.gate.unseen import Unseen

DELAY_S, HOLD_S = 2.0, 0.5


def test_what_was_before_the_first_look_was_unseen() -> None:
    assert Unseen().look(70.0, seeing=True) == (0.0, 70.0)


def test_a_span_begins_at_the_last_look_that_saw_and_ends_with_the_first_that_sees() -> None:
    unseen = Unseen()
    unseen.look(1.0, seeing=True)
    assert unseen.look(2.0, seeing=True) is None
    assert unseen.look(3.0, seeing=False) is None
    assert unseen.look(4.0, seeing=False) is None
    assert unseen.look(5.0, seeing=True) == (2.0, 5.0)
    assert unseen.look(6.0, seeing=True) is None


@given(
    st.lists(st.tuples(st.floats(0.01, 3.0), st.booleans()), min_size=1, max_size=30),
    st.floats(0.0, 60.0),
)
def test_a_part_that_passed_while_nobody_looked_meets_a_closed_gate(
    looks: list[tuple[float, bool]], passed_s: float
) -> None:
    unseen, line, now_s, seen, saw = Unseen(), ByClock(Plan(rests_open=True)), 0.0, False, False
    for number, (pause_s, seeing) in enumerate([*looks, (0.1, True)]):
        if now_s <= passed_s < now_s + pause_s:
            seen = saw and seeing
        now_s, saw = now_s + pause_s, seeing
        if span_s := unseen.look(now_s, seeing=seeing):
            line.unseen(number, span_s, DELAY_S, HOLD_S)
    at_gate_s = passed_s + DELAY_S + HOLD_S / 2
    if passed_s < now_s <= at_gate_s and not seen:  # before that the gate is held
        assert not line.is_open(at_gate_s)
