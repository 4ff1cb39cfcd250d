"""A part is told of by the edge of a bit, of a PLC or of a pin of this box, that is read often."""

import logging
from collections.abc import Callable
from enum import StrEnum
from threading import Event, Thread
from time import monotonic
from typing import Protocol

from ...core.errors import MessagingError, WireError
from .wire import Ear

PAUSE_S = 1.0
"""Between two tries to open the wire; it is tried for ever."""

_log = logging.getLogger(__name__)


class Edge(StrEnum):
    """Which change of a bit tells of a part."""

    RISING = "rising"
    FALLING = "falling"


class Bit(Protocol):
    """A bit that can be read; each of the three raises WireError."""

    def open(self) -> None:
        """Get ready to read."""
        ...

    def read(self) -> bool:
        """Return the state of the bit."""
        ...

    def close(self) -> None:
        """Let go."""
        ...


class Edges:
    """Tells edges of a bit; a change counts once it lasted `debounce_s`, the first state never."""

    def __init__(self, edge: Edge, debounce_s: float) -> None:
        self._wanted = edge is Edge.RISING
        self._debounce_s = debounce_s
        self._state: bool | None = None
        self._since_s: float | None = None

    def see(self, state: bool, now_s: float) -> float | None:
        """Return when a wanted edge came, once it is sure; `now_s` is on the monotonic clock."""
        if self._state is None or state == self._state:
            self._state, self._since_s = state, None
            return None
        began_s = self._since_s = now_s if self._since_s is None else self._since_s
        if now_s - began_s < self._debounce_s:
            return None
        self._state, self._since_s = state, None
        return began_s if state == self._wanted else None


class PolledWire:
    """Reads a bit every `every_s` on a thread of its own, and opens it again when it is lost.

    `wait` returns whether it is to end; it waits so many seconds at most.
    """

    def __init__(
        self,
        ear: Ear,
        bit: Bit,
        edges: Callable[[], Edges],
        every_s: float,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._ear = ear
        self._bit = bit
        self._edges = edges
        self._every_s = every_s
        self._pause_s = pause_s
        self._closing = Event()
        self.trouble: str | None = f"{ear.by}: is not connected yet."
        self._thread = Thread(target=self._run, name="trigger", daemon=True)

    def open(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._bit.open()
                self._read()
            except WireError as error:
                if str(error) != self.trouble:
                    _log.warning("%s", error)
                self.trouble = str(error)
            finally:
                self._bit.close()
            self._closing.wait(self._pause_s)

    def _read(self) -> None:
        """Read until closed. What the bit did while away is unknown: its state is no edge."""
        edges = self._edges()
        while not self._closing.is_set():
            state = self._bit.read()
            self.trouble = None
            if (at_s := edges.see(state, monotonic())) is not None:
                try:
                    self._ear.hear(at_s)
                except MessagingError as error:
                    _log.warning("%s: %s", self._ear.by, error)
            self._closing.wait(self._every_s)
