"""Tells the screens what was recorded."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy.exc import SQLAlchemyError

from ..core.inspection import StationAddress
from .batch import Batch, Recording
from .database import Database, sentence
from .events import Event, EvidenceStored, InspectionRecorded, StationChanged
from .queries.scope import Scope
from .queries.stations import stations

MAX_WAITING = 100
"""Batches that may wait to be shown; further ones are recorded, and not shown."""

_log = logging.getLogger(__name__)


class Display:
    """Calls `on_event` on a thread of its own: what fails here neither stops nor delays recording.

    Screens that missed an event find it in the records.
    """

    def __init__(self, database: Database, on_event: Callable[[Event], None]) -> None:
        self._database = database
        self._on_event = on_event
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="display")
        self._waiting: set[Future[None]] = set()

    def show(self, batch: Batch, recording: Recording) -> None:
        """Have a recorded batch shown, and return at once."""
        if len(self._waiting) < MAX_WAITING:
            shown = self._thread.submit(self._tell, batch, recording)
            self._waiting.add(shown)
            shown.add_done_callback(self._done)

    def close(self) -> None:
        """Finish what is being shown, and end."""
        self._thread.shutdown(cancel_futures=True)

    def _done(self, shown: Future[None]) -> None:
        self._waiting.discard(shown)
        if not shown.cancelled() and (error := shown.exception()):
            fault = None if isinstance(error, SQLAlchemyError) else error
            _log.error("recorded, but not shown: %s", sentence(error), exc_info=fault)

    def _tell(self, batch: Batch, recording: Recording) -> None:
        for inspection in recording.new:
            self._on_event(InspectionRecorded(inspection))
        for key in batch.stored:
            self._on_event(EvidenceStored(key.sha256))
        for address in {announcement.address for announcement in batch.announcements}:
            self._tell_of(address)

    def _tell_of(self, address: StationAddress) -> None:
        scope = Scope(address.site, address.line, address.station)
        for summary in stations(self._database, scope):
            self._on_event(StationChanged(summary))
