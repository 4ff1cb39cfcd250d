"""Which parts are on their way to the gate, and so whether it is to be open now.

Light to import and without a clock or a wire of its own: whoever holds the gate asks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

UNRULED = 10_000
"""So many parts that went by without a verdict are remembered, to tell how late it was."""


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
        # When the last part was past the gate, by whether it was a good one.
        self._past_s = dict.fromkeys((True, False), float("-inf"))
        self._unruled: dict[int, float] = {}

    def expect(self, number: int, due_s: float, hold_s: float) -> None:
        """Note that part `number` will be at the gate from `due_s` for `hold_s`.

        One that was expected already is so at another time; nothing is known of it yet.
        """
        self._parts[number] = _Part(due_s, due_s + hold_s)

    def rule(self, number: int, *, good: bool, now_s: float) -> float:
        """Note a part's verdict; return the seconds by which it came too late, or 0.

        A part that was at the gate before its verdict stays as it was met there: rejected. One
        that was never expected changes nothing.
        """
        part = self._parts.get(number)
        if part is None:
            return now_s - self._unruled.pop(number, now_s)
        late_s = now_s - part.due_s
        if late_s > 0:
            part.ruling = Ruling.REJECT
            return late_s
        part.ruling = Ruling.GOOD if good else Ruling.REJECT
        return 0.0

    def is_open(self, now_s: float) -> bool:
        """Say whether the gate is to be open at `now_s`; forgets the parts that are past it."""
        self._forget(now_s)
        rulings = {part.ruling for part in self._parts.values() if part.due_s <= now_s}
        if rulings - {Ruling.GOOD}:
            return False
        return self.rests_open or Ruling.GOOD in rulings

    def since_s(self, now_s: float, changed_s: float = float("-inf")) -> float:
        """Return since when parts want it to be as `is_open`, asked just before, said.

        `now_s` where no part is the cause, but for one its time was corrected or the gate rests
        otherwise since it became what it was, at `changed_s`.
        """
        at_gate = [part for part in self._parts.values() if part.due_s <= now_s]
        bad = [part.due_s for part in at_gate if part.ruling is not Ruling.GOOD]
        if bad:
            return min(bad)
        good = [part.due_s for part in at_gate if not self.rests_open]
        past_s = self._past_s
        since_s = max(min(good), past_s[False]) if good else past_s[not self.rests_open]
        return since_s if since_s > changed_s else now_s

    def next_change_s(self, now_s: float) -> float | None:
        """Return when to ask again, after `now_s`; None while no part is on its way."""
        moments = (moment for part in self._parts.values() for moment in (part.due_s, part.past_s))
        return min((moment for moment in moments if moment > now_s), default=None)

    def _forget(self, now_s: float) -> None:
        past = [n for n, part in self._parts.items() if now_s >= part.past_s]
        for number in past:
            part = self._parts.pop(number)
            if part.ruling is Ruling.UNKNOWN:
                self._note_unruled(number, part.due_s)
            was_good = part.ruling is Ruling.GOOD
            self._past_s[was_good] = max(self._past_s[was_good], part.past_s)

    def _note_unruled(self, number: int, due_s: float) -> None:
        # No verdict ever comes on a part that was let go while the station was paused.
        if len(self._unruled) >= UNRULED:
            del self._unruled[next(iter(self._unruled))]
        self._unruled[number] = due_s

    @property
    def in_flight(self) -> int:
        """How many parts are on their way or at the gate."""
        return len(self._parts)
