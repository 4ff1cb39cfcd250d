"""Parts that were not seen as the good ones of teaching were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.core.gates import GateRules, Gates, TaughtGates, Usual
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.verdict import Verdict
from edgeinspect.decision.gates import gated, strays

TAUGHT = TaughtGates(
    images=30,
    focus=Usual(low=0.25, middle=0.5, high=1.0),
    brightness=Usual(low=60, middle=100, high=140),
    contrast=Usual(low=10, middle=20, high=40),
)
SEEN = Gates(focus=0.5, brightness=100, contrast=20)


def changed(**gates: float | None) -> Gates:
    return SEEN.model_copy(update=gates)


@pytest.mark.parametrize(
    ("gates", "code"),
    [
        (changed(focus=0.2), ReasonCode.FOCUS_OFF),
        (changed(focus=1.1), ReasonCode.FOCUS_OFF),
        (changed(brightness=59.0), ReasonCode.LIGHT_OFF),
        (changed(contrast=0.0), ReasonCode.CONTRAST_OFF),
    ],
)
def test_a_part_seen_otherwise_is_reviewed_and_says_why(gates: Gates, code: ReasonCode) -> None:
    verdict, (reason,) = gated(Verdict.PASS, gates, TAUGHT, GateRules())
    assert (verdict, reason.code) == (Verdict.REVIEW, code)
    assert "parts taught had" in reason.text


def test_a_bad_part_stays_bad_and_the_recipe_may_make_a_gate_fail_or_leave_it_out() -> None:
    dim = changed(brightness=20.0)
    assert gated(Verdict.FAIL, dim, TAUGHT, GateRules())[0] is Verdict.FAIL
    assert gated(Verdict.PASS, dim, TAUGHT, GateRules(brightness="fail"))[0] is Verdict.FAIL
    left_out = gated(Verdict.PASS, dim, TAUGHT, GateRules(brightness="ignore"))
    assert left_out == (Verdict.PASS, ())


def test_leeway_moves_the_limits() -> None:
    dim = changed(brightness=50.0)
    assert gated(Verdict.PASS, dim, TAUGHT, GateRules(leeway=1.3)) == (Verdict.PASS, ())
    assert gated(Verdict.PASS, changed(brightness=85.0), TAUGHT, GateRules(leeway=0.3))[1]


def test_what_is_not_known_is_not_held_against_a_part() -> None:
    assert gated(Verdict.PASS, Gates(), TAUGHT, GateRules()) == (Verdict.PASS, ())
    assert gated(Verdict.PASS, changed(focus=0.0), None, GateRules()) == (Verdict.PASS, ())


@given(
    st.sampled_from(Verdict),
    st.floats(0, 10),
    st.floats(0, 255),
    st.floats(0, 127),
    st.floats(0.1, 10),
)
def test_no_gate_ever_makes_a_verdict_better(
    verdict: Verdict, focus: float, brightness: float, contrast: float, leeway: float
) -> None:
    order = [Verdict.PASS, Verdict.REVIEW, Verdict.FAIL]
    gates = Gates(focus=focus, brightness=brightness, contrast=contrast)
    after, reasons = gated(verdict, gates, TAUGHT, GateRules(leeway=leeway))
    assert order.index(after) >= order.index(verdict)
    assert (after is Verdict.PASS) <= (not reasons)


def test_limits_that_meet_in_one_value_leave_no_room() -> None:
    narrow = TAUGHT.model_copy(update={"brightness": Usual(low=100, middle=100, high=100)})
    shares = {
        each.name: each.share for each in strays(changed(brightness=101.0), narrow, GateRules())
    }
    assert shares["brightness"] == float("inf")
    assert gated(Verdict.PASS, SEEN, narrow, GateRules()) == (Verdict.PASS, ())
