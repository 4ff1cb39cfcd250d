"""Where triggers meet their frames: at once, in the thread that grabs, whatever the judge does."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Condition as Waiting
from time import monotonic
from typing import Annotated

from pydantic import Field

from ..core.frame import Frame
from ..core.health import TriggerHealth
from ..core.trigger import Trigger
from .baskets import DEPTH
from .foreseen import Foresee, unforeseen

MOST = 10_000
"""So many triggers may wait, with or without a picture; a flood is refused, and counted."""
STOPPED = "the station was stopped before it was judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Which frame belongs to a trigger: the first one taken `delay_ms` after it, or later.

    One that was not taken within `within_ms` after that is not awaited any longer.
    """

    delay_ms: Annotated[float, Field(ge=0, le=60_000)] = 0.0
    within_ms: Annotated[float, Field(gt=0, le=60_000)] = 500.0


@dataclass(frozen=True, slots=True)
class _Awaited:
    """A trigger without a picture yet, and its part's number at the gate."""

    trigger: Trigger
    part: int | None


class TriggeredBasket:
    """Hands out a frame for every trigger, in their order, and one that says why there is none.

    One frame for one trigger: of two that wait, the second is given the next frame. `trouble` says
    what the camera suffers from, if anything; `foresee` hears of each part when its trigger comes,
    and again when it is seen.
    """

    def __init__(
        self,
        pairing: Pairing,
        trouble: Callable[[], str | None],
        depth: int = DEPTH,
        foresee: Foresee = unforeseen,
    ) -> None:
        self._pairing = pairing
        self._trouble = trouble
        self._depth = depth
        self._foresee = foresee
        self._changed = Waiting()
        self._awaited: deque[_Awaited] = deque()
        self._ready: deque[Frame] = deque()
        self._pictures = 0
        self._newest: Frame | None = None
        self._closed = False
        self.overtaken = 0
        self.heard = 0
        self.refused = 0
        self.let_go = 0
        self._met = self._unseen_ones = 0

    def trigger(self, trigger: Trigger) -> bool:
        """Take a trigger; False when the basket is closed, or too many wait already."""
        with self._changed:
            if self._closed or len(self._awaited) + len(self._ready) >= MOST:
                self.refused += 1
                return False
            self.heard += 1
            part = self._foresee(self._due_s(trigger), None)
            self._awaited.append(_Awaited(trigger, part))
            # Its frame may be here already: who told of it was held up for a moment.
            newest, self._newest = self._newest, None
            if newest is not None:
                self._offer(newest)
            self._changed.notify()
            return True

    def put(self, frame: Frame) -> None:
        """Offer a frame to the trigger that waits longest; without one, nobody wants it."""
        with self._changed:
            self._offer(frame)
            self._changed.notify()

    def miss(self, count: int, why: str) -> None:
        """A frame that went lost is missed by a trigger alone, which waits for the next one."""

    def take(self) -> Frame | None:
        """Wait for the next trigger to be settled and return its frame; None when closed.

        What waits when it is closed is handed out as missed first.
        """
        with self._changed:
            while not self._ready:
                if self._closed and not self._awaited:
                    return None
                self._give_up_before(monotonic())
                if not self._ready:
                    self._changed.wait(self._patience_s())
            return self._hand_out()

    def poll(self) -> Frame | None:
        """Return the frame of the next trigger that is settled; None when there is none."""
        with self._changed:
            return self._hand_out() if self._ready else None

    def clear(self) -> None:
        """Let go of every trigger that waits, and count them."""
        with self._changed:
            self.let_go += len(self._awaited) + len(self._ready)
            self._awaited.clear()
            self._ready.clear()
            self._pictures, self._newest = 0, None

    def close(self) -> None:
        """Take no more triggers; what waits is handed out as missed."""
        with self._changed:
            self._closed = True
            settled = [frame if frame.missed else _missed(frame, STOPPED) for frame in self._ready]
            self._ready = deque(settled)
            self._pictures, self._newest = 0, None
            while self._awaited:
                self._ready.append(self._unseen(self._awaited.popleft(), STOPPED))
            self._changed.notify_all()

    def health(self, refused: int) -> TriggerHealth:
        """Return what became of the triggers, of which `refused` were not even offered or taken."""
        with self._changed:
            return TriggerHealth(
                heard=self.heard,
                refused=refused,
                met=self._met,
                overtaken=self.overtaken,
                unseen=self._unseen_ones,
                let_go=self.let_go,
            )

    def _offer(self, frame: Frame) -> None:
        self._give_up_before(frame.captured_s)
        if not self._awaited or frame.captured_s < self._due_s(self._awaited[0].trigger):
            self._newest = frame
            return
        self._newest = None
        told = self._awaited.popleft()
        part = self._foresee(frame.captured_s, told.part)
        paired = replace(frame, trigger=told.trigger, at_gate=part)
        if self._pictures < self._depth:
            self._pictures += 1
            self._met += 1
            self._ready.append(paired)
        else:
            self.overtaken += 1
            self._ready.append(_missed(paired, f"it came while {self._depth} waited to be judged"))

    def _hand_out(self) -> Frame:
        frame = self._ready.popleft()
        self._pictures -= not frame.missed
        return frame

    def _unseen(self, told: _Awaited, why: str) -> Frame:
        """Return a missed frame of the moment it was wanted: the gate reckons from there."""
        self._unseen_ones += 1
        return Frame(
            None,
            told.trigger.at + timedelta(milliseconds=self._pairing.delay_ms),
            self._due_s(told.trigger),
            "missed",
            _said(why),
            missed=True,
            trigger=told.trigger,
            at_gate=told.part,
        )

    def _due_s(self, trigger: Trigger) -> float:
        return trigger.at_s + self._pairing.delay_ms / 1e3

    def _patience_s(self) -> float | None:
        if not self._awaited:
            return None
        within_s = self._pairing.within_ms / 1e3
        return max(0.0, self._due_s(self._awaited[0].trigger) + within_s - monotonic())

    def _give_up_before(self, now_s: float) -> None:
        within_ms = self._pairing.within_ms
        while self._awaited and now_s > self._due_s(self._awaited[0].trigger) + within_ms / 1e3:
            trouble = self._trouble()
            why = f"none came within {within_ms:g} ms of its trigger"
            why += f" ({trouble.rstrip('.')})" if trouble else ""
            self._ready.append(self._unseen(self._awaited.popleft(), why))


def _missed(frame: Frame, why: str) -> Frame:
    return replace(frame, image=None, unreadable=_said(why), missed=True)


def _said(why: str) -> str:
    return f"the picture was missed: {why}"[:300]
