"""What every trigger is to the station: something that listens until it is closed."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol
from uuid import UUID

from ...core.clock import utc_now
from ...core.errors import MessagingError
from ...core.frame import Frame
from ...core.part import PartContext
from ...core.trigger import Trigger, read_notice

REMEMBERED = 1000
"""So many notices' ids are known again."""


class Wire(Protocol):
    """Listens for triggers."""

    @property
    def trouble(self) -> str | None:
        """Why no trigger can come at present, in a sentence; None while they can."""
        ...

    def open(self) -> None:
        """Begin to listen; raises an EdgeInspectError for what no later try can mend."""
        ...

    def close(self) -> None:
        """End; may be called twice."""
        ...


@dataclass(slots=True)
class Ear:
    """Where a wire takes what it hears; `take` is told of a part, and says if there was room.

    A wire that saw the part hands its frame over; to others the next frame is given.
    """

    take: Callable[[Trigger, Frame | None], bool]
    by: str
    refused: int = 0
    _known: deque[UUID] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def hear(
        self, at_s: float, context: PartContext | None = None, frame: Frame | None = None
    ) -> None:
        """Tell of a part that is there since `at_s`; raises MessagingError where it cannot be."""
        trigger = Trigger(at_s, utc_now(), self.by, context or PartContext())
        if not self.take(trigger, frame):
            self.refused += 1
            raise MessagingError("too many parts wait already, or the station is ending.")

    def hear_notice(self, payload: bytes) -> None:
        """Tell of the part a notice is about, once; raises MessagingError for what is refused."""
        at_s = monotonic()
        try:
            notice = read_notice(payload)
            notice.check_in_time(utc_now())
        except MessagingError:
            self.refused += 1
            raise
        if notice.id is not None and notice.id in self._known:
            return
        self.hear(at_s, notice.context)
        if notice.id is not None:
            self._known.append(notice.id)
