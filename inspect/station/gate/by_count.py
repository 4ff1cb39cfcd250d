"""Follows the parts to the gate by the count of an encoder, for a belt of any speed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .belt import STALE_S, Belt, Reading
from .plan import UNRULED, Plan

if TYPE_CHECKING:
    from collections.abc import Iterable

ON_THE_WAY = -1
"""The number of the one long part that stands for all of which nobody knows where they are."""


class News(Protocol):
    """Where counts come from."""

    @property
    def wake(self) -> int | None:
        """A descriptor that can be read when there is something new."""
        ...

    def news(self) -> Iterable[Reading | str]:
        """Give readings, or why there is none, since it was asked last."""
        ...

    def close(self) -> None:
        """Read no more."""
        ...


class ByCount:
    """A part is so many counts of the encoder from the gate, however fast the belt runs.

    What is not known meets a closed gate: while the belt is out of sight nothing passes, and then
    nothing until it has moved on by the longest way that a part has to behind the gate.
    """

    def __init__(self, plan: Plan, belt: Belt, reader: News) -> None:
        self._plan = plan
        self._belt = belt
        self._reader = reader
        self._longest = 0.0
        self._unplaced: dict[int, tuple[float, float, float]] = {}
        self._why: str | None = None
        self.wake = reader.wake

    @property
    def trouble(self) -> str | None:
        """Why the gate is closed for parts of which nobody knows where they are, in a sentence."""
        if self._why is None:
            return None
        if not self._belt.is_known:
            return f"the gate is closed until the encoder of the belt is read again ({self._why})."
        return (
            f"the gate stays closed until the belt has moved on by {self._longest:.0f} counts, "
            f"for nobody knows what is on it ({self._why})."
        )

    def expect(self, part: int, captured_s: float, delay: float, hold: float) -> None:
        """Note how far the part has to go from where its picture is, or will be, taken."""
        self._longest = max(self._longest, delay + hold)
        self._plan.expect(part, self._belt.way + delay, hold)
        self._unplaced.pop(part, None)
        self._unplaced[part] = captured_s, delay, hold
        if len(self._unplaced) > UNRULED:  # not read for hours; those left stand for them
            del self._unplaced[next(iter(self._unplaced))]
        self._place_those_seen()

    def unseen(self, part: int, span_s: tuple[float, float], delay: float, hold: float) -> None:
        """Note where they will be at the gate, or hold it shut for as long as they may need."""
        self._longest = max(self._longest, delay + hold)
        since = self._belt.way_at(span_s[0])
        if since is None:
            self._hold_shut("parts may have passed the camera unseen")
        else:
            self._plan.expect(part, since + delay, self._belt.way - since + hold)

    def rule(self, part: int, *, good: bool, now_s: float) -> dict[str, float] | None:
        """Note a verdict; return the counts by which it came too late, if it did."""
        self._catch_up(now_s)
        late = self._plan.rule(part, good=good, now=self._belt.way)
        return {"late_counts": late} if late > 0 else None

    def rest(self, is_open: bool) -> None:
        """Say how the gate stands while no part is at it."""
        self._plan.rests_open = is_open

    def lose(self, span: float) -> None:
        """Hold the gate shut until the belt has moved on by `span`, for what it may carry."""
        self._longest = max(self._longest, span)
        self._hold_shut("the station could not tell of a part")

    def is_open(self, now_s: float) -> bool:
        """Say whether the gate is to be open now."""
        self._catch_up(now_s)
        if not self._belt.is_known:
            return False
        is_open = self._plan.is_open(self._belt.way)
        if not self._plan.expects(ON_THE_WAY):
            self._why = None
        return is_open

    def since_s(self, now_s: float, changed_s: float) -> float:
        """Return since when it is to be as `is_open` said; now, where nobody knows."""
        way, changed = self._belt.way, self._belt.way_at(changed_s)
        since = self._plan.since(way, float("-inf") if changed is None else changed)
        reached_s = self._belt.reached_s(since) if since < way else None
        return now_s if reached_s is None else reached_s

    def next_look_s(self, now_s: float) -> float | None:  # noqa: ARG002
        """Return when the count is too old; what is read before wakes whoever waits."""
        return self._belt.seen_s + STALE_S if self._belt.is_known else None

    def close(self) -> None:
        """Read no more."""
        self._reader.close()

    def _catch_up(self, now_s: float) -> None:
        for news in self._reader.news():
            if isinstance(news, Reading):
                self._forget_where(self._belt.note(news))
            else:
                self._belt.lose()
                self._forget_where(news)
        self._forget_where(self._belt.check(now_s))
        self._place_those_seen()

    def _forget_where(self, why: str | None) -> None:
        if why is not None:
            self._why = None
            self._plan.clear()
            self._hold_shut(why)

    def _hold_shut(self, why: str) -> None:
        self._why = self._why or why
        if self._longest:
            self._plan.expect(ON_THE_WAY, self._belt.way, self._longest)

    def _place_those_seen(self) -> None:
        """Find out where the parts are whose picture is taken; till then they are at the camera."""
        for part, (captured_s, delay, hold) in tuple(self._unplaced.items()):
            if captured_s > self._belt.seen_s:
                self._plan.correct(part, self._belt.way + delay, hold)
                continue
            del self._unplaced[part]
            way = self._belt.way_at(captured_s)
            if way is None:
                self._hold_shut("a part was seen while the encoder was not read")
            else:
                self._plan.correct(part, way + delay, hold)
