"""What follows the parts to the gate: the clock, or an encoder (`by_count.py`). Light to import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .plan import Plan


class Line(Protocol):
    """The parts between camera and gate. Who asks has the clock; ways are in the line's unit."""

    @property
    def trouble(self) -> str | None:
        """Why nobody knows where the parts are; None while that is known."""
        ...

    @property
    def wake(self) -> int | None:
        """A descriptor that can be read when there is something new, where there is one."""
        ...

    def expect(self, part: int, captured_s: float, delay: float, hold: float) -> None:
        """Note a part whose picture is, or will be, taken then."""
        ...

    def unseen(self, part: int, span_s: tuple[float, float], delay: float, hold: float) -> None:
        """Note that parts may have passed the camera from one moment to the other, as one part."""
        ...

    def rule(self, part: int, *, good: bool, now_s: float) -> dict[str, float] | None:
        """Note a verdict; return by how much it came too late, if it did."""
        ...

    def rest(self, is_open: bool) -> None:
        """Say how the gate stands while no part is at it."""
        ...

    def lose(self, span: float) -> None:
        """Note that parts are on their way that nobody told of, and `span` takes them past."""
        ...

    def is_open(self, now_s: float) -> bool:
        """Say whether the gate is to be open now."""
        ...

    def since_s(self, now_s: float, changed_s: float) -> float:
        """Return since when it is to be as `is_open` said; it was otherwise until `changed_s`."""
        ...

    def next_look_s(self, now_s: float) -> float | None:
        """Return when to ask again, if nothing is heard before."""
        ...

    def close(self) -> None:
        """Let go of what follows the parts."""
        ...


class ByClock:
    """The belt runs as ever: a part is so many seconds from the gate."""

    trouble: str | None = None
    wake: int | None = None

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def expect(self, part: int, captured_s: float, delay: float, hold: float) -> None:
        """Note when the part will be at the gate."""
        self._plan.expect(part, captured_s + delay, hold)

    def unseen(self, part: int, span_s: tuple[float, float], delay: float, hold: float) -> None:
        """Note when they will be at the gate."""
        since_s, until_s = span_s
        self._plan.expect(part, since_s + delay, until_s - since_s + hold)

    def rule(self, part: int, *, good: bool, now_s: float) -> dict[str, float] | None:
        """Note a verdict; return the seconds by which it came too late, if it did."""
        late_s = self._plan.rule(part, good=good, now=now_s)
        return {"late_s": late_s} if late_s > 0 else None

    def rest(self, is_open: bool) -> None:
        """Say how the gate stands while no part is at it."""
        self._plan.rests_open = is_open

    def lose(self, span: float) -> None:
        """Do nothing: the station knows by the clock how long to hold the gate."""

    def is_open(self, now_s: float) -> bool:
        """Say whether the gate is to be open now."""
        return self._plan.is_open(now_s)

    def since_s(self, now_s: float, changed_s: float) -> float:
        """Return since when it is to be as `is_open` said."""
        return self._plan.since(now_s, changed_s)

    def next_look_s(self, now_s: float) -> float | None:
        """Return when the next part comes or goes."""
        return self._plan.next_change(now_s)

    def close(self) -> None:
        """Let go of nothing."""
