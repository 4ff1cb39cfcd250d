"""What measured values make of a verdict."""

import pytest

from edgeinspect.core.gauge import Near
from edgeinspect.core.inspection import Measurement
from edgeinspect.core.reason import Reason, ReasonCode
from edgeinspect.core.verdict import Verdict
from edgeinspect.decision.decide import Decision
from edgeinspect.decision.gauges import MOST_REASONS, Held, with_gauges

PASSED = Decision(Verdict.PASS, (), 1.0)
LOW_SCORE = Reason(code=ReasonCode.ABOVE_THRESHOLD, text="score 2 reaches the threshold 1")
FAILED = Decision(Verdict.FAIL, (LOW_SCORE,), 1.0)


def held(value: float, near: Near = Near.REVIEW, **limits: float | None) -> Held:
    given = {"low": 9.9, "high": 10.1, "uncertainty": 0.02} | limits
    return Held("w", (Measurement(name="w", value=value, unit="mm", **given),), near)


@pytest.mark.parametrize(
    ("value", "verdict", "code"),
    [
        (10.0, Verdict.PASS, None),
        (10.079, Verdict.PASS, None),
        (10.085, Verdict.REVIEW, ReasonCode.GAUGE_NEAR_LIMIT),
        (9.915, Verdict.REVIEW, ReasonCode.GAUGE_NEAR_LIMIT),
        (10.101, Verdict.FAIL, ReasonCode.GAUGE_OUT_OF_LIMITS),
        (9.0, Verdict.FAIL, ReasonCode.GAUGE_OUT_OF_LIMITS),
    ],
)
def test_a_value_is_held_against_its_limits(
    value: float, verdict: Verdict, code: ReasonCode | None
) -> None:
    decision = with_gauges(PASSED, [held(value)])
    assert decision.verdict is verdict
    assert [each.code for each in decision.reasons] == ([code] if code else [])


def test_a_reason_names_gauge_value_limits_and_unit() -> None:
    (reason,) = with_gauges(PASSED, [held(10.2)]).reasons
    assert reason.text == "w 10.2 ± 0.02 mm is out of its limits, 9.9 to 10.1 mm"
    (reason,) = with_gauges(PASSED, [held(10.2, low=None)]).reasons
    assert reason.text.endswith("any to 10.1 mm")


def test_a_value_near_its_limit_passes_where_the_gauge_says_so() -> None:
    assert with_gauges(PASSED, [held(10.085, Near.PASS)]) == PASSED
    assert with_gauges(PASSED, [held(10.2, Near.PASS)]).verdict is Verdict.FAIL


def test_a_value_without_limits_is_only_recorded() -> None:
    assert with_gauges(PASSED, [held(99.0, low=None, high=None)]) == PASSED


def test_what_cannot_be_measured_never_passes() -> None:
    unmeasured = Held("w", (), Near.PASS, "no edge is there")
    decision = with_gauges(PASSED, [unmeasured])
    assert decision.verdict is Verdict.REVIEW
    assert decision.reasons[0].text == "w cannot be measured: no edge is there"
    assert with_gauges(FAILED, [unmeasured]).verdict is Verdict.FAIL


def test_the_worse_of_score_and_values_holds() -> None:
    decision = with_gauges(FAILED, [held(10.0)])
    assert decision == FAILED
    decision = with_gauges(FAILED, [held(10.085), held(11.0)])
    assert decision.verdict is Verdict.FAIL
    assert [each.code for each in decision.reasons] == [
        ReasonCode.ABOVE_THRESHOLD,
        ReasonCode.GAUGE_OUT_OF_LIMITS,
        ReasonCode.GAUGE_NEAR_LIMIT,
    ]


def test_many_values_have_few_reasons_the_worst_first() -> None:
    decision = with_gauges(PASSED, [*[held(10.085)] * 40, held(11.0)])
    assert decision.verdict is Verdict.FAIL
    assert len(decision.reasons) == MOST_REASONS
    assert decision.reasons[0].code is ReasonCode.GAUGE_OUT_OF_LIMITS
    assert decision.reasons[-1].text.endswith("; and 29 more values")
