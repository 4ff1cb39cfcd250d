"""How far the belt has moved, and where it was when a picture was taken.

Light to import and without a clock or a wire of its own, as the plan is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass

HISTORY_S = 60.0
"""So long a part may wait before anybody asks where it was when its picture was taken."""
STALE_S = 0.5
"""A count older than that says nothing of where the belt is now."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the counter held at a moment of the monotonic clock."""

    at_s: float
    held: int


class Odometer:
    """Makes of a counter of `bits` bits, which begins anew after its highest, one that grows on.

    It may step back by `jitter` counts, as at a belt that comes to rest: the way stays as it was.
    """

    def __init__(self, bits: int, jitter: int = 0) -> None:
        self._range = 1 << bits
        self._jitter = jitter
        self._held: int | None = None
        self.way = 0

    def follow(self, held: int) -> int:
        """Return the way so far, in counts; raises ValueError for a step that no belt makes."""
        before = held if self._held is None else self._held
        step = (held - before) % self._range
        if step < self._range // 2:
            self._held = held
            self.way += step
        elif self._range - step > self._jitter:
            raise ValueError(
                f"the encoder jumped from {before} to {held}; see its bits, and what resets it"
            )
        return self.way

    def begin_anew(self) -> None:
        """Take the next count for where the belt is now."""
        self._held = None


class Belt:
    """The way of the belt in counts, with its history since it was lost from sight."""

    def __init__(self, odometer: Odometer) -> None:
        self._odometer = odometer
        self._history: deque[tuple[float, int]] = deque()

    @property
    def way(self) -> int:
        """Where it was seen last; it grows on over all that went lost."""
        return self._odometer.way

    @property
    def is_known(self) -> bool:
        """Whether it is in sight; at first it is not."""
        return bool(self._history)

    @property
    def seen_s(self) -> float:
        """When it was seen last; minus infinity while it is out of sight."""
        return self._history[-1][0] if self._history else float("-inf")

    def note(self, reading: Reading) -> str | None:
        """Take in a reading; return why it was out of sight just before, if that comes out."""
        lost = self.check(reading.at_s)
        try:
            way = self._odometer.follow(reading.held)
        except ValueError as error:
            lost = str(error)
            self.lose()
            way = self._odometer.follow(reading.held)
        self._history.append((reading.at_s, way))
        while self._history[0][0] < reading.at_s - HISTORY_S:
            self._history.popleft()
        return lost

    def check(self, now_s: float) -> str | None:
        """Lose it when it was not seen for too long; return that, if so."""
        silent_s = now_s - self.seen_s
        if not self.is_known or silent_s <= STALE_S:
            return None
        self.lose()
        return f"the encoder was not read for {silent_s:.1f} s"

    def lose(self) -> None:
        """Note that nobody knows where it is."""
        self._history.clear()
        self._odometer.begin_anew()

    def way_at(self, moment_s: float) -> float | None:
        """Return where it was at a moment up to the last reading; None where nobody knows."""
        number = bisect_left(self._history, moment_s, key=lambda seen: seen[0])
        if number == len(self._history) or (number == 0 and self._history[0][0] > moment_s):
            return None
        after_s, after = self._history[number]
        before_s, before = self._history[max(0, number - 1)]
        if after_s == before_s:
            return after
        return before + (after - before) * (moment_s - before_s) / (after_s - before_s)

    def reached_s(self, way: float) -> float | None:
        """Return when it first had moved so far; None where nobody knows."""
        number = bisect_left(self._history, way, key=lambda seen: seen[1])
        if number == len(self._history) or number == 0:
            return None
        after_s, after = self._history[number]
        before_s, before = self._history[number - 1]
        return before_s + (after_s - before_s) * (way - before) / (after - before)
