"""A thread that deals with messages, many at a time, however often that takes."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from queue import Empty, Queue
from threading import Event, Thread
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from ..core.errors import RecordsError
from ..messaging.message import Message
from ..messaging.receipts import Arrival
from .database import sentence

BATCH = 500
LINGER_S = 0.005
"""So long the thread waits for company to a first message."""
RETRY_MIN_S, RETRY_MAX_S = 0.1, 5.0

_log = logging.getLogger(__name__)


class _Greeting:
    """Stands between messages for the moment at which a connection was made."""


class Lane:
    """Messages in the order of their coming, and one thread that handles them.

    `handle` is given up to 500 messages and has dealt with all of them when it returns; while it
    raises RecordsError or a database error, it is asked again with the same messages. `done` hears
    of those that were dealt with. `greet` is called in the same way after each `connected`.
    At most `waiting` messages are kept in memory; who brings more has to wait.
    """

    def __init__(
        self,
        name: str,
        handle: Callable[[Sequence[Message]], None],
        done: Callable[[Sequence[Arrival]], None],
        greet: Callable[[], None],
        waiting: int,
    ) -> None:
        self._handle = handle
        self._done = done
        self._greet = greet
        self._arrivals: Queue[Arrival | _Greeting | None] = Queue(waiting + 1)
        self._stopping = Event()
        self._trouble: str | None = None
        self._thread = Thread(target=self._run, name=name, daemon=True)

    @property
    def trouble(self) -> str | None:
        """Why the last attempt to handle what arrived failed; None when it did not."""
        return self._trouble

    @property
    def alive(self) -> bool:
        """Whether the thread runs; a fault that nobody foresaw ends it."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def put(self, arrival: Arrival) -> None:
        """Have a message handled."""
        self._arrivals.put(arrival)

    def connected(self) -> None:
        """Have who sends greeted, after all that was put before."""
        self._arrivals.put(_Greeting())

    def end(self) -> None:
        """Take up no more work; what waits is not dealt with."""
        self._stopping.set()
        self._arrivals.put(None)

    def join(self) -> None:
        """Wait until the work at hand is done."""
        self._thread.join()

    def _run(self) -> None:
        while taken := self._take():
            arrivals = [each for each in taken if isinstance(each, Arrival)]
            messages = [arrival.message for arrival in arrivals]
            if messages and self._persist(partial(self._handle, messages)):
                self._done(arrivals)
            if len(arrivals) < len(taken):
                self._persist(self._greet)

    def _take(self) -> list[Arrival | _Greeting]:
        """Wait for arrivals; none at the end."""
        taken: list[Arrival | _Greeting] = []
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
