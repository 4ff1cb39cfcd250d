"""Whether a part was seen as the good ones of teaching were."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

from ..core.gates import GateOutcome, GateRules, Gates, TaughtGates, Usual
from ..core.reason import Reason, ReasonCode
from ..core.verdict import Verdict

_NEAR_NOTHING = 1e-3


@dataclass(frozen=True, slots=True)
class Stray:
    """How far one gate is from the usual: 0 there, -1 and 1 at the limits teaching allows."""

    name: str
    code: ReasonCode
    value: float
    usual: Usual
    share: float
    outcome: GateOutcome


def strays(gates: Gates, taught: TaughtGates | None, rules: GateRules) -> tuple[Stray, ...]:
    """Return how far each gate that is known and heeded is from the usual."""
    if taught is None:
        return ()
    of = (
        ("focus", ReasonCode.FOCUS_OFF, gates.focus, taught.focus, True, rules.focus),
        ("brightness", ReasonCode.LIGHT_OFF, gates.brightness, taught.brightness, False,
         rules.brightness),
        ("contrast", ReasonCode.CONTRAST_OFF, gates.contrast, taught.contrast, True,
         rules.contrast),
    )  # fmt: skip
    return tuple(
        Stray(name, code, value, usual, _share(value, usual, by_ratio=by_ratio), outcome)
        for name, code, value, usual, by_ratio, outcome in of
        if value is not None and outcome != "ignore"
    )


def gated(
    verdict: Verdict, gates: Gates, taught: TaughtGates | None, rules: GateRules
) -> tuple[Verdict, tuple[Reason, ...]]:
    """Return the verdict on a part as its gates leave it, and what they have against it.

    A part that was not seen well never passes; one that fails, fails.
    """
    beyond = tuple(each for each in strays(gates, taught, rules) if abs(each.share) > rules.leeway)
    outcomes = {each.outcome for each in beyond}
    if "fail" in outcomes:
        verdict = Verdict.FAIL
    elif outcomes and verdict is Verdict.PASS:
        verdict = Verdict.REVIEW
    return verdict, tuple(_reasons(beyond))


def _reasons(beyond: tuple[Stray, ...]) -> Iterator[Reason]:
    for each in beyond:
        side = "low" if each.share < 0 else "high"
        usual = each.usual
        text = (
            f"{each.name} {each.value:.3g} is too {side}: parts taught had {usual.middle:.3g}, and "
            f"{usual.low:.3g} to {usual.high:.3g} may be"
        )
        yield Reason(code=each.code, text=text)


def _share(value: float, usual: Usual, *, by_ratio: bool) -> float:
    at, low, middle, high = value, usual.low, usual.middle, usual.high
    if by_ratio:
        at, low, middle, high = (log(max(each, _NEAR_NOTHING)) for each in (at, low, middle, high))
    reach = high - middle if at > middle else middle - low
    if reach <= 0:
        return 0.0 if at == middle else float("inf") if at > middle else float("-inf")
    return (at - middle) / reach
