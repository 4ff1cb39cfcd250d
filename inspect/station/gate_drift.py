"""Warns before the parts of a station go to review: a lens gets dirty slowly, a lamp grows dim."""

from datetime import datetime

from ..core.gates import GateRules, Gates, TaughtGates
from ..decision.gates import strays
from ..quality.drift import Drift

_MENDS = {
    "focus": "clean the lens, and look at the focus",
    "brightness": "look at the lamp and the exposure",
    "contrast": "look for haze on the lens and for stray light",
}


class GateDrift:
    """Follows how the parts of one boot are seen; written by the loop, read by any thread."""

    def __init__(self, taught: TaughtGates | None, rules: GateRules) -> None:
        self._taught = taught
        self._rules = rules
        self._drifts: dict[str, Drift] = {}
        self.warning: str | None = None

    def note(self, gates: Gates, at: datetime) -> None:
        """Take in how one part was seen."""
        for stray in strays(gates, self._taught, self._rules):
            before = self._drifts.get(stray.name, Drift())
            self._drifts[stray.name] = before.after(stray.share / self._rules.leeway, at)
        self.warning = next(
            (_sentence(name, drift) for name, drift in self._drifts.items() if drift.is_told), None
        )


def _sentence(name: str, drift: Drift) -> str:
    side = "below" if drift.mean < 0 else "above"
    since = f" since {drift.since.astimezone():%H:%M}" if drift.since else ""
    # In tenths: a reason that changed with every part would be announced with every part.
    way = max(50, round(abs(drift.mean) * 10) * 10)
    return f"{name} is {side} the usual{since}, {way} % of the way to its limit; {_MENDS[name]}."
