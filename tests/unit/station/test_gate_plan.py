"""When the gate is open: every order in which parts and their verdicts can come."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.station.gate.plan import Plan

HOLD_S = 0.5


@pytest.fixture
def plan() -> Plan:
    return Plan()


def test_a_good_part_goes_through(plan: Plan) -> None:
    plan.expect(1, 10.0, HOLD_S)
    assert plan.rule(1, good=True, now=9.0) == 0
    assert all(plan.is_open(now) for now in (9.0, 10.0, 10.2, 11.0))


def test_a_bad_part_is_met_by_a_closed_gate_for_its_time_alone(plan: Plan) -> None:
    plan.expect(1, 10.0, HOLD_S)
    plan.rule(1, good=False, now=9.0)
    seen = [plan.is_open(now) for now in (9.9, 10.0, 10.4, 10.5)]
    assert seen == [True, False, False, True]
    assert plan.in_flight == 0


def test_a_part_without_a_verdict_does_not_pass(plan: Plan) -> None:
    plan.expect(1, 10.0, HOLD_S)
    assert plan.is_open(9.9)
    assert not plan.is_open(10.0)


def test_a_verdict_that_comes_too_late_is_told_and_opens_nothing(plan: Plan) -> None:
    plan.expect(1, 10.0, HOLD_S)
    assert plan.rule(1, good=True, now=10.1) == pytest.approx(0.1)
    assert not plan.is_open(10.2)
    assert plan.is_open(10.5)


def test_a_verdict_on_a_part_that_is_past_is_told_once_and_changes_nothing(plan: Plan) -> None:
    plan.expect(1, 10.0, HOLD_S)
    plan.is_open(11.0)
    assert plan.rule(1, good=False, now=11.0) == pytest.approx(1)
    assert plan.rule(1, good=False, now=11.0) == 0
    assert plan.is_open(11.0)


def test_a_part_that_is_seen_later_than_its_trigger_said_is_met_then(plan: Plan) -> None:
    plan.expect(1, 10.0, HOLD_S)
    plan.expect(1, 10.3, HOLD_S)
    assert [plan.is_open(now) for now in (10.1, 10.3, 10.7, 10.8)] == [True, False, False, True]


def test_a_part_whose_place_is_corrected_keeps_its_verdict(plan: Plan) -> None:
    plan.expect(1, 10.0, HOLD_S)
    plan.rule(1, good=True, now=9.0)
    plan.correct(1, 10.3, HOLD_S)
    plan.correct(2, 12.0, HOLD_S)
    assert [plan.is_open(now) for now in (10.3, 10.7, 12.0)] == [True, True, False]


def test_parts_that_are_forgotten_stop_nothing_and_are_not_late(plan: Plan) -> None:
    plan.expect(1, 10.0, HOLD_S)
    plan.clear()
    assert not plan.expects(1)
    assert plan.is_open(10.1)
    assert plan.rule(1, good=False, now=10.1) == 0


def test_it_says_since_when_a_part_wants_the_gate_to_be_as_it_is(plan: Plan) -> None:
    assert plan.is_open(9.0)
    assert plan.since(9.0) == 9.0
    plan.expect(1, 10.0, HOLD_S)
    assert not plan.is_open(10.1)
    assert plan.since(10.1) == 10.0
    assert plan.is_open(10.7)
    assert plan.since(10.7) == 10.5


def test_a_gate_that_rests_closed_is_wanted_open_since_its_good_part_came() -> None:
    plan = Plan(rests_open=False)
    for number, due_s, good in ((1, 10.0, False), (2, 10.2, True)):
        plan.expect(number, due_s, HOLD_S)
        plan.rule(number, good=good, now=9.0)
    assert plan.is_open(10.6)
    assert plan.since(10.6) == 10.5
    assert not plan.is_open(10.8)
    assert plan.since(10.8) == 10.7


def test_two_parts_in_flight_are_told_apart(plan: Plan) -> None:
    plan.expect(1, 10.0, HOLD_S)
    plan.expect(2, 11.0, HOLD_S)
    plan.rule(2, good=False, now=9.0)
    plan.rule(1, good=True, now=9.1)
    assert [plan.is_open(now) for now in (10.0, 10.9, 11.0, 11.5)] == [True, True, False, True]


def test_holds_that_overlap_are_one(plan: Plan) -> None:
    for number, due_s in ((1, 10.0), (2, 10.3)):
        plan.expect(number, due_s, HOLD_S)
        plan.rule(number, good=False, now=9.0)
    assert [plan.is_open(now) for now in (10.4, 10.6, 10.8)] == [False, False, True]


def test_a_bad_part_close_behind_a_good_one_closes_the_gate(plan: Plan) -> None:
    plan.expect(1, 10.0, HOLD_S)
    plan.expect(2, 10.2, HOLD_S)
    plan.rule(1, good=True, now=9.0)
    plan.rule(2, good=False, now=9.0)
    assert [plan.is_open(now) for now in (10.1, 10.2, 10.6)] == [True, False, False]


def test_a_gate_that_rests_closed_opens_for_good_parts_alone() -> None:
    plan = Plan(rests_open=False)
    for number, due_s, good in ((1, 10.0, True), (2, 11.0, False)):
        plan.expect(number, due_s, HOLD_S)
        plan.rule(number, good=good, now=9.0)
    plan.expect(3, 12.0, HOLD_S)
    seen = [plan.is_open(now) for now in (9.0, 10.0, 10.5, 11.0, 12.0)]
    assert seen == [False, True, False, False, False]


def test_it_says_when_it_wants_to_be_asked_again(plan: Plan) -> None:
    assert plan.next_change(9.0) is None
    plan.expect(1, 10.0, HOLD_S)
    assert plan.next_change(9.0) == 10.0
    assert plan.next_change(10.0) == 10.5
    assert plan.next_change(10.5) is None


@given(
    st.lists(st.tuples(st.floats(0, 20), st.booleans()), min_size=1, max_size=12),
    st.booleans(),
)
def test_between_two_changes_it_never_moves(
    parts: list[tuple[float, bool]], rests_open: bool
) -> None:
    plan = Plan(rests_open=rests_open)
    for number, (due_s, good) in enumerate(parts):
        plan.expect(number, due_s, HOLD_S)
        plan.rule(number, good=good, now=0.0)
    moments = [0.0]
    while (following := plan.next_change(moments[-1])) is not None:
        moments.append(following)
    bad = [(due_s, due_s + HOLD_S) for due_s, good in parts if not good]
    for start_s, end_s in pairwise(moments):
        opened = plan.is_open(start_s)
        assert plan.is_open((start_s + end_s) / 2) == opened or end_s - start_s < 1e-9
        assert not (opened and any(due_s <= start_s < gone_s for due_s, gone_s in bad))


def test_each_part_stays_as_long_as_its_own_recipe_says(plan: Plan) -> None:
    plan.expect(1, 10.0, 0.2)
    plan.expect(2, 10.0, 1.0)
    plan.rule(1, good=False, now=9.0)
    plan.rule(2, good=True, now=9.0)
    assert not plan.is_open(10.1)
    assert plan.is_open(10.3)
    assert plan.in_flight == 1


def test_how_it_rests_may_change_while_a_part_is_on_its_way(plan: Plan) -> None:
    plan.expect(1, 10.0, HOLD_S)
    plan.rule(1, good=True, now=9.0)
    assert plan.is_open(9.5)
    plan.rests_open = False
    assert not plan.is_open(9.5)
    assert plan.is_open(10.1)
