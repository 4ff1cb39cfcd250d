"""Acknowledgements in the order that MQTT asks for."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock

from .message import Message


@dataclass(eq=False, slots=True)
class Arrival:
    """A message that came, and whether it is dealt with."""

    message: Message
    done: bool = False


class Receipts:
    """Acknowledges messages in the order in which they came, whichever is dealt with first.

    MQTT 5 asks for that order (4.6.0-2), and a broker may break a connection that has another.
    `acknowledge` is called by one thread at a time.
    """

    def __init__(self, acknowledge: Callable[[Iterable[Message]], None]) -> None:
        self._acknowledge = acknowledge
        self._lock = Lock()
        self._open: deque[Arrival] = deque()

    def begin(self) -> None:
        """Forget all: a new connection was made, and receipts of an earlier one are void."""
        with self._lock:
            self._open.clear()

    def expect(self, message: Message) -> Arrival:
        """Note that a message came by the present connection."""
        arrival = Arrival(message)
        with self._lock:
            self._open.append(arrival)
        return arrival

    def done(self, arrivals: Iterable[Arrival]) -> None:
        """Acknowledge what is dealt with as soon as all that came before it is, too."""
        ready = []
        with self._lock:
            for arrival in arrivals:
                arrival.done = True
            while self._open and self._open[0].done:
                ready.append(self._open.popleft().message)
            if ready:
                self._acknowledge(ready)
