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
    due: float
    past: float
    ruling: Ruling = Ruling.UNKNOWN


class Plan:
    """The parts between the camera and the gate; where they are is a position that never shrinks.

    That is the monotonic clock in seconds, or the count of an encoder: whoever asks says it as
    `now`, in the unit in which parts were announced.

    The gate is closed while any part at it is to be rejected, or has no verdict: what nobody judged
    does not pass. With `rests_open` False it is closed as well while no good part is at it.
    """

    def __init__(self, *, rests_open: bool = True) -> None:
        self.rests_open = rests_open
        self._parts: dict[int, _Part] = {}
        # Where the last part was past the gate, by whether it was a good one.
        self._past = dict.fromkeys((True, False), float("-inf"))
        self._unruled: dict[int, float] = {}

    def expect(self, number: int, due: float, hold: float) -> None:
        """Note that part `number` will be at the gate from `due` for `hold`.

        One that was expected already is so at another time; nothing is known of it yet.
        """
        self._parts[number] = _Part(due, due + hold)

    def correct(self, number: int, due: float, hold: float) -> None:
        """Note where a part is due that was only guessed before; its verdict stays."""
        known = self._parts.get(number)
        ruling = known.ruling if known is not None else Ruling.UNKNOWN
        self._parts[number] = _Part(due, due + hold, ruling)

    def clear(self) -> None:
        """Forget every part: nobody knows any more where they are."""
        self._parts.clear()
        self._unruled.clear()

    def expects(self, number: int) -> bool:
        """Say whether a part is on its way or at the gate."""
        return number in self._parts

    def rule(self, number: int, *, good: bool, now: float) -> float:
        """Note a part's verdict; return by how much it came too late, or 0.

        A part that was at the gate before its verdict stays as it was met there: rejected. One
        that was never expected changes nothing.
        """
        part = self._parts.get(number)
        if part is None:
            return now - self._unruled.pop(number, now)
        late = now - part.due
        if late > 0:
            part.ruling = Ruling.REJECT
            return late
        part.ruling = Ruling.GOOD if good else Ruling.REJECT
        return 0.0

    def is_open(self, now: float) -> bool:
        """Say whether the gate is to be open at `now`; forgets the parts that are past it."""
        self._forget(now)
        rulings = {part.ruling for part in self._parts.values() if part.due <= now}
        if rulings - {Ruling.GOOD}:
            return False
        return self.rests_open or Ruling.GOOD in rulings

    def since(self, now: float, changed: float = float("-inf")) -> float:
        """Return since when parts want it to be as `is_open`, asked just before, said.

        `now` where no part is the cause, but for one its time was corrected or the gate rests
        otherwise since it became what it was, at `changed`.
        """
        at_gate = [part for part in self._parts.values() if part.due <= now]
        bad = [part.due for part in at_gate if part.ruling is not Ruling.GOOD]
        if bad:
            return min(bad)
        good = [part.due for part in at_gate if not self.rests_open]
        past = self._past
        since = max(min(good), past[False]) if good else past[not self.rests_open]
        return since if since > changed else now

    def next_change(self, now: float) -> float | None:
        """Return when to ask again, after `now`; None while no part is on its way."""
        moments = (moment for part in self._parts.values() for moment in (part.due, part.past))
        return min((moment for moment in moments if moment > now), default=None)

    def _forget(self, now: float) -> None:
        past = [n for n, part in self._parts.items() if now >= part.past]
        for number in past:
            part = self._parts.pop(number)
            if part.ruling is Ruling.UNKNOWN:
                self._note_unruled(number, part.due)
            was_good = part.ruling is Ruling.GOOD
            self._past[was_good] = max(self._past[was_good], part.past)

    def _note_unruled(self, number: int, due: float) -> None:
        # No verdict ever comes on a part that was let go while the station was paused.
        if len(self._unruled) >= UNRULED:
            del self._unruled[next(iter(self._unruled))]
        self._unruled[number] = due

    @property
    def in_flight(self) -> int:
        """How many parts are on their way or at the gate."""
        return len(self._parts)
