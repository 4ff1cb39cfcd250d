"""Where grabbed frames wait for the one who judges them: the newest alone, or every one."""

from collections import deque
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Condition as Waiting
from time import monotonic
from typing import Annotated

from pydantic import Field

from ..core.clock import utc_now
from ..core.frame import Frame
from .foreseen import Foresee, unforeseen

DEPTH = 8
"""Frames of 4 megapixels take 12 MB each."""


class Grab(StrEnum):
    """Which frames are judged when they come faster than that takes."""

    NEWEST = "newest"
    EVERY = "every"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How a live camera is used: which frames are judged, and how many a second at most.

    `pace` 0 is as many as the judge can take; it goes with the newest frame alone.
    """

    grab: Grab = Grab.NEWEST
    pace: Annotated[float, Field(ge=0, le=1000)] = 0.0

    def __post_init__(self) -> None:
        if self.pace and self.grab is not Grab.NEWEST:
            raise ValueError("pace goes with grab=newest, where frames may be passed over")


class NewestBasket:
    """Holds the newest frame; one that nobody took in time is overtaken, and counted."""

    def __init__(self) -> None:
        self._changed = Waiting()
        self._frame: Frame | None = None
        self._closed = False
        self.overtaken = 0

    def put(self, frame: Frame) -> None:
        """Offer a frame in place of the one that waits."""
        with self._changed:
            self.overtaken += self._frame is not None
            self._frame = frame
            self._changed.notify()

    def miss(self, count: int, why: str) -> None:
        """Nobody waits for a frame that a newer one would replace."""

    def take(self) -> Frame | None:
        """Wait for a frame and return it; None when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._frame is not None or self._closed)
            frame, self._frame = self._frame, None
            return None if self._closed else frame

    def clear(self) -> None:
        """Empty it."""
        with self._changed:
            self._frame = None

    def close(self) -> None:
        """Let go of who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify()


class EveryBasket:
    """Holds every frame, in order; in the place of one that was missed stands a frame that says so.

    So a part that nobody could look at is a `review` with the reason, and never silently none.
    `foresee` hears of each as it comes, or of one moment for those that went lost together.
    """

    def __init__(self, depth: int = DEPTH) -> None:
        self._changed = Waiting()
        self._depth = depth
        self._frames = 0
        self._waiting: deque[Frame | _Gap] = deque()
        self._closed = False
        self.overtaken = 0
        self.foresee: Foresee = unforeseen

    def put(self, frame: Frame) -> None:
        """Add a frame; where there is no room for it, it is missed."""
        with self._changed:
            part = self.foresee(frame.captured_s, None)
            if self._frames >= self._depth:
                self.overtaken += 1
                self._add_gap(1, f"it came while {self._depth} waited to be judged", part)
            else:
                self._frames += 1
                self._waiting.append(replace(frame, at_gate=part))
            self._changed.notify()

    def miss(self, count: int, why: str) -> None:
        """Note that `count` frames never came, and why."""
        with self._changed:
            self._add_gap(count, why, self.foresee(monotonic(), None))
            self._changed.notify()

    def take(self) -> Frame | None:
        """Wait for a frame, or for one that was missed, and return it; None when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            first = self._waiting[0]
            if isinstance(first, Frame):
                self._frames -= 1
                self._waiting.popleft()
                return first
            first.count -= 1
            if first.count == 0:
                self._waiting.popleft()
            return _missed(first)

    def clear(self) -> None:
        """Empty it."""
        with self._changed:
            self._waiting.clear()
            self._frames = 0

    def close(self) -> None:
        """Let go of who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _add_gap(self, count: int, why: str, part: int | None) -> None:
        last = self._waiting[-1] if self._waiting else None
        if isinstance(last, _Gap) and last.why == why:
            last.count, last.part = last.count + count, part
        elif count > 0:
            self._waiting.append(_Gap(count, why, part))


Basket = NewestBasket | EveryBasket
BASKETS: dict[Grab, type[Basket]] = {Grab.NEWEST: NewestBasket, Grab.EVERY: EveryBasket}


class _Gap:
    """So many frames that were missed in a row for the same cause; however many take no room.

    The gate knows of them; `part` is the number of the last, for one that stands for all.
    """

    def __init__(self, count: int, why: str, part: int | None) -> None:
        self.count = count
        self.why = why
        self.part = part


def _missed(gap: _Gap) -> Frame:
    said = f"the frame was missed: {gap.why}"
    return Frame(None, utc_now(), monotonic(), "missed", said, missed=True, at_gate=gap.part)
