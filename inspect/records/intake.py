"""Takes messages from the broker to a worker, many at a time, and acknowledges them when done."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from queue import Empty, Queue
from threading import Event, Thread
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from ..core.errors import RecordsError
from ..core.identity import new_id
from ..messaging.link import Link, Message
from ..settings.tree import MqttSettings
from .database import sentence

WAITING = 1000
"""Messages that a broker may send before it gets an answer, and that may wait for the worker."""
BATCH = 500
LINGER_S = 0.005
"""So long the worker waits for company to a first message."""
RETRY_MIN_S, RETRY_MAX_S = 0.1, 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A message and the connection it came by; a connection without one has just been made."""

    connection: int
    message: Message | None


class Intake:
    """One connection to the broker, and one thread that handles what arrives by it.

    `handle` is given up to 500 messages and has dealt with all of them when it returns; while it
    raises RecordsError or a database error, it is asked again with the same messages.
    `greet` is called on the same thread after every connect. At most `waiting` messages are kept
    in memory.
    """

    def __init__(
        self,
        settings: MqttSettings,
        name: str,
        subscriptions: tuple[str, ...],
        handle: Callable[[Sequence[Message]], None],
        greet: Callable[[], None],
        waiting: int = WAITING,
    ) -> None:
        self._handle = handle
        self._greet = greet
        self._arrivals: Queue[_Arrival | None] = Queue(waiting + 1)
        self._connection = 0
        self._connected = False
        self._trouble: str | None = None
        self._stopping = Event()
        self.link = Link(
            settings,
            f"server-{name}-{new_id()}",
            subscriptions=subscriptions,
            on_message=self._arrived,
            on_connected=self._made,
            on_disconnected=self._lost,
            unanswered=waiting,
        )
        self._thread = Thread(target=self._run, name=f"intake-{name}", daemon=True)

    @property
    def connected(self) -> bool:
        """Whether the broker is there."""
        return self._connected

    @property
    def trouble(self) -> str | None:
        """Why the last attempt to handle what arrived failed; None when it did not."""
        return self._trouble

    @property
    def alive(self) -> bool:
        """Whether the worker runs; a fault that nobody foresaw ends it."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to connect and to work."""
        self._thread.start()
        self.link.open()

    def finish(self) -> None:
        """End the work; what was not recorded was not acknowledged either."""
        self._stopping.set()
        self._arrivals.put(None)
        self._thread.join()

    def close(self) -> None:
        """End the connection; takes up to a second when the broker is away."""
        self.link.close()

    def _arrived(self, message: Message) -> None:
        if self._stopping.is_set():
            return  # nobody would take it, and the broker is not told that it came
        self._arrivals.put(_Arrival(self._connection, message))

    def _made(self) -> None:
        self._connection += 1
        self._connected = True
        self._arrivals.put(_Arrival(self._connection, None))

    def _lost(self) -> None:
        self._connected = False

    def _run(self) -> None:
        while arrivals := self._take():
            messages = [arrival.message for arrival in arrivals if arrival.message is not None]
            if messages and self._persist(partial(self._handle, messages)):
                self._acknowledge(arrivals)
            if len(messages) < len(arrivals):
                self._persist(self._greet)

    def _take(self) -> list[_Arrival]:
        """Wait for arrivals; none at the end."""
        taken: list[_Arrival] = []
        until_s = None
        while len(taken) < BATCH:
            try:
                wait_s = None if until_s is None else max(0.0, until_s - monotonic())
                arrival = self._arrivals.get(timeout=wait_s)
            except Empty:
                break
            if arrival is None:
                return []
            taken.append(arrival)
            until_s = until_s or monotonic() + LINGER_S
        return taken

    def _persist(self, action: Callable[[], None]) -> bool:
        """Do `action` as often as it takes; False when stopped before it was done."""
        pause_s = RETRY_MIN_S
        while not self._stopping.is_set():
            try:
                action()
            except (RecordsError, SQLAlchemyError) as error:
                self._trouble = sentence(error)
                _log.error("nothing is lost, but not recorded yet: %s", self._trouble)
                self._stopping.wait(pause_s)
                pause_s = min(2 * pause_s, RETRY_MAX_S)
            else:
                self._trouble = None
                return True
        return False

    def _acknowledge(self, arrivals: Sequence[_Arrival]) -> None:
        """Acknowledge what came by the present connection; receipts of an earlier one are void."""
        present = [arrival for arrival in arrivals if arrival.connection == self._connection]
        self.link.acknowledge(*(item.message for item in present if item.message is not None))
