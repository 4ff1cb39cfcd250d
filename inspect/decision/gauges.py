"""What measured values make of a verdict.

Limits are held as ISO 14253-1 has it: a value proves a part good only where it is within its limits
by more than its expanded uncertainty. Beyond a limit the part fails, be it ever so little.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..core.gauge import Near
from ..core.inspection import Measurement
from ..core.reason import Reason, ReasonCode
from ..core.verdict import Verdict
from .decide import Decision

MOST_REASONS = 12
"""So many reasons gauges give at most; the values of all are in the record."""
_WORSE = {Verdict.PASS: 0, Verdict.REVIEW: 1, Verdict.FAIL: 2}


@dataclass(frozen=True, slots=True)
class Held:
    """A gauge's values with what becomes of one near a limit; `trouble` says why there are none."""

    name: str
    values: tuple[Measurement, ...]
    near: Near
    trouble: str | None = None


def with_gauges(decision: Decision, gauges: Iterable[Held]) -> Decision:
    """Return the decision that holds when values count too: the worse of each.

    A value out of limits fails the part; one that could not be measured, or is nearer to a limit
    than it is certain and not passed by its gauge, sends it to review.
    """
    said = sorted(
        (each for gauge in gauges for each in _said(gauge)),
        key=lambda each: -_WORSE[each[0]],
    )
    if not said:
        return decision
    reasons = [reason for _, reason in said[:MOST_REASONS]]
    if more := len(said) - len(reasons):
        last = reasons[-1]
        text = f"{last.text[:260]}; and {more} more values"
        reasons[-1] = last.model_copy(update={"text": text})
    verdict = max((decision.verdict, said[0][0]), key=_WORSE.__getitem__)
    return replace(decision, verdict=verdict, reasons=(*decision.reasons, *reasons))


def _said(gauge: Held) -> Iterator[tuple[Verdict, Reason]]:
    if gauge.trouble is not None:
        text = f"{gauge.name} cannot be measured: {gauge.trouble}"
        yield Verdict.REVIEW, Reason(code=ReasonCode.GAUGE_UNMEASURED, text=text[:300])
    for value in gauge.values:
        code = standing(value)
        if code is ReasonCode.GAUGE_OUT_OF_LIMITS:
            yield Verdict.FAIL, Reason(code=code, text=_sentence(value, "is out of its limits"))
        elif code is not None and gauge.near is Near.REVIEW:
            yield Verdict.REVIEW, Reason(code=code, text=_sentence(value, "is close to a limit"))


def standing(value: Measurement) -> ReasonCode | None:
    """Return what speaks against a value, whatever its gauge makes of it; None for nothing."""
    room = min(
        value.value - value.low if value.low is not None else float("inf"),
        value.high - value.value if value.high is not None else float("inf"),
    )
    if room < 0:
        return ReasonCode.GAUGE_OUT_OF_LIMITS
    return ReasonCode.GAUGE_NEAR_LIMIT if room < (value.uncertainty or 0.0) else None


def _sentence(value: Measurement, what: str) -> str:
    unit = "" if value.unit == "1" else f" {value.unit}"
    low = "any" if value.low is None else f"{value.low:.6g}"
    high = "any" if value.high is None else f"{value.high:.6g}"
    sure = f" ± {value.uncertainty:.2g}" if value.uncertainty else ""
    return f"{value.name} {value.value:.6g}{sure}{unit} {what}, {low} to {high}{unit}"
