"""What the server does with the records of itself: it says the head, and applies retention."""

import logging
from collections.abc import Callable
from datetime import date
from threading import Event, Thread
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from ..core.clock import utc_now
from ..core.errors import EdgeInspectError
from ..messaging.message import Message
from ..messaging.topics import audit_head
from ..settings.tree import RetentionSettings
from .audit.pages import seal_open_pages
from .database import Database, sentence
from .evidence_store import EvidenceStore
from .keeping import Keeping
from .queries.audit import head
from .retention.policy import retain

PAUSE_S = 30.0
RETRY_MIN_S, RETRY_MAX_S = 1.0, 600.0
RETAIN_EVERY_S = 3600.0

_log = logging.getLogger(__name__)


class Keeper:
    """A thread that binds all records into the audit log, publishes its head, and removes.

    The head is said at its start and at the first look of each day (UTC), the policy applied every
    hour. A round that fails, whatever the cause, is tried again, each time after twice as long;
    `state` says since when.
    """

    def __init__(
        self,
        database: Database,
        evidence: EvidenceStore,
        policy: RetentionSettings,
        site: str,
        publish: Callable[[Message], object],
    ) -> None:
        self._database = database
        self._evidence = evidence
        self._policy = policy
        self._topic = audit_head(site)
        self._publish = publish
        self._said_on: date | None = None
        self._retain_at_s = monotonic()
        self._state = Keeping()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin, and return at once."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being done, and end."""
        self._stopping.set()
        self._thread.join()

    @property
    def state(self) -> Keeping:
        """How the rounds go."""
        if self._thread.ident is not None and not self._thread.is_alive():
            return self._state.failed(utc_now(), "its thread has ended; start the server again")
        return self._state

    def _run(self) -> None:
        retry_s = RETRY_MIN_S
        while not self._stopping.is_set():
            if self._round():
                pause_s, retry_s = PAUSE_S, RETRY_MIN_S
            else:
                pause_s, retry_s = retry_s, min(2 * retry_s, RETRY_MAX_S)
            self._stopping.wait(pause_s)

    def _round(self) -> bool:
        """Do what is due; say whether all of it could be done."""
        try:
            self._look()
        except Exception as error:  # noqa: BLE001 - whatever it was, the records must be kept
            foreseen = isinstance(error, EdgeInspectError | SQLAlchemyError)
            said = sentence(error) if foreseen else f"{type(error).__name__}: {error}"
            self._state = self._state.failed(utc_now(), said)
            message = "the records are not kept in order at present: %s; it is tried again"
            _log.error(message, said, exc_info=not foreseen)
            return False
        if self._state.trouble is not None:
            _log.warning("the records are kept in order again")
        self._state = self._state.succeeded(utc_now())
        return True

    def _look(self) -> None:
        now = utc_now()
        if now.date() != self._said_on:
            self._say_head()
            self._said_on = now.date()
        if self._retain_at_s <= monotonic():
            retain(self._database, self._evidence, self._policy, now, self._stopping.is_set)
            self._retain_at_s = monotonic() + RETAIN_EVERY_S

    def _say_head(self) -> None:
        with self._database.write() as connection:
            seal_open_pages(connection)
        payload = head(self._database).model_dump_json().encode()
        self._publish(Message(self._topic, payload, retain=True))
