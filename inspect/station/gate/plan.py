"""Which parts are on their way to the gate, and so whether it is to be open now.

Light to import and without a clock or a wire of its own: whoever holds the gate asks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Ruling(Enum):
    """What is known of a part on its way."""

    UNKNOWN = "unknown"
    GOOD = "good"
    REJECT = "reject"


@dataclass(slots=True)
class _Part:
    due_s: float
    past_s: float
    ruling: Ruling = Ruling.UNKNOWN


class Plan:
    """The parts between the camera and the gate; times are seconds of the monotonic clock.

    The gate is closed while any part at it is to be rejected, or has no verdict: what nobody judged
    does not pass. With `rests_open` False it is closed as well while no good part is at it.
    """

    def __init__(self, *, rests_open: bool = True) -> None:
        self.rests_open = rests_open
        self._parts: dict[int, _Part] = {}

    def expect(self, number: int, due_s: float, hold_s: float) -> None:
        """Note that part `number` will be at the gate from `due_s` for `hold_s`.

        Nothing is known of it yet.
        """
        self._parts[number] = _Part(due_s, due_s + hold_s)

    def rule(self, number: int, *, good: bool, now_s: float) -> float:
        """Note a part's verdict; return the seconds by which it came too late, or 0.

        A part that was at the gate before its verdict stays as it was met there: rejected. One
        that is not expected, or no longer, changes nothing.
        """
        part = self._parts.get(number)
        if part is None:
            return 0.0
        late_s = now_s - part.due_s
        if late_s > 0:
            part.ruling = Ruling.REJECT
            return late_s
        part.ruling = Ruling.GOOD if good else Ruling.REJECT
        return 0.0

    def is_open(self, now_s: float) -> bool:
        """Say whether the gate is to be open at `now_s`; forgets the parts that are past it."""
        self._parts = {number: part for number, part in self._parts.items() if now_s < part.past_s}
        rulings = {part.ruling for part in self._parts.values() if part.due_s <= now_s}
        if rulings - {Ruling.GOOD}:
            return False
        return self.rests_open or Ruling.GOOD in rulings

    def next_change_s(self, now_s: float) -> float | None:
        """Return when to ask again, after `now_s`; None while no part is on its way."""
        moments = (moment for part in self._parts.values() for moment in (part.due_s, part.past_s))
        return min((moment for moment in moments if moment > now_s), default=None)

    @property
    def in_flight(self) -> int:
        """How many parts are on their way or at the gate."""
        return len(self._parts)
