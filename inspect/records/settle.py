"""Looks again at messages that were set aside: each is recorded, waits on, or is dismissed."""

from typing import Any

from sqlalchemy import Connection, select, update

from ..core.clock import utc_now
from ..core.errors import RecordsError
from ..core.inspection import Inspection
from ..messaging.message import Message
from ..messaging.topics import Channel
from .arrivals import read_document, read_evidence_key
from .audit.chain import append
from .audit.entry import Kind
from .batch import Batch, Refused
from .database import Database
from .evidence_store import EvidenceError, EvidenceStore
from .ingest import Ingest
from .locks import hold_all
from .quarantine import MAX_REASON, ROW_BYTES, storable
from .queries.quarantine import Outcome
from .tables import MetaRow, QuarantineRow

MAX_BY, MAX_NOTE = 100, 500


class UnknownAsideError(RecordsError):
    """There is no such message in the quarantine."""


class SettledError(RecordsError):
    """The message was recorded or dismissed already."""


class QuarantineDesk:
    """Settles what the quarantine holds; who did it is written down."""

    def __init__(self, database: Database, evidence: EvidenceStore) -> None:
        self._database = database
        self._evidence = evidence
        self._ingest = Ingest(database)

    def retry(self, aside_id: int, by: str) -> str | None:
        """Read a message again, as this version does, and record it if that can be.

        Return why it waits on, or None when it is recorded.
        Raises UnknownAsideError, or SettledError when it does not wait any more.
        """
        with self._database.write() as connection:
            row = _waiting(connection, aside_id)
            reason = self._try(connection, row)
            if reason is None:
                _settle(connection, row, Outcome.RECORDED, by, None)
            else:
                _wait_on(connection, aside_id, reason)
            return reason

    def dismiss(self, aside_id: int, by: str, note: str | None) -> None:
        """Give a message up: its payload is removed; what it was, who said so and why stays.

        Raises UnknownAsideError, or SettledError when it does not wait any more.
        """
        with self._database.write() as connection:
            row = _waiting(connection, aside_id)
            _settle(connection, row, Outcome.DISMISSED, by, note)

    def _try(self, connection: Connection, row: Any) -> str | None:
        if row.kept_bytes < row.size_bytes:
            return f"only {row.kept_bytes} of its {row.size_bytes} bytes were kept; dismiss it"
        read = self._read(Message(row.topic, row.payload))
        if isinstance(read, Refused):
            return read.reason
        with connection.begin_nested() as attempt:
            hold_all(connection, read.addresses())
            recording = self._ingest.record_in(connection, read)
            refused = (*recording.refused, *recording.without_room)
            if refused:
                attempt.rollback()  # it is in the quarantine already
        return refused[0].reason if refused else None

    def _read(self, message: Message) -> Batch | Refused:
        if f"/{Channel.EVIDENCE}/" in message.topic:
            return self._read_evidence(message)
        read = read_document(message)
        if isinstance(read, Inspection):
            return Batch(inspections=(read,))
        if isinstance(read, Refused):
            return read
        reason = "what a station said of itself is worth nothing later; dismiss it"
        return Refused(message.topic, message.payload, reason)

    def _read_evidence(self, message: Message) -> Batch | Refused:
        key = read_evidence_key(message)
        if isinstance(key, Refused):
            return key
        self._evidence.check()  # rows wait meanwhile: no longer than it takes to know
        try:
            self._evidence.write(key.sha256, message.payload)
        except EvidenceError as error:
            return Refused(message.topic, message.payload, str(error))
        return Batch(stored=(key,))


def _waiting(connection: Connection, aside_id: int) -> Any:
    query = select(QuarantineRow).where(QuarantineRow.id == aside_id).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownAsideError(f"message {aside_id} is not in the quarantine; list what is.")
    if row.outcome is not None:
        raise SettledError(
            f"message {aside_id} was {row.outcome} by {row.settled_by} "
            f"on {row.settled_at:%Y-%m-%d %H:%M} UTC; there is nothing left to do."
        )
    return row


def _wait_on(connection: Connection, aside_id: int, reason: str) -> None:
    again = update(QuarantineRow).where(QuarantineRow.id == aside_id)
    connection.execute(
        again.values(reason=storable(reason)[:MAX_REASON], tries=QuarantineRow.tries + 1)
    )


def _settle(connection: Connection, row: Any, outcome: Outcome, by: str, note: str | None) -> None:
    connection.execute(
        update(QuarantineRow)
        .where(QuarantineRow.id == row.id)
        .values(
            outcome=outcome.value,
            settled_at=utc_now(),
            settled_by=storable(by)[:MAX_BY],
            note=note and storable(note)[:MAX_NOTE],
            payload=b"",
            kept_bytes=0,
        )
    )
    held = MetaRow.quarantine_bytes - row.kept_bytes - ROW_BYTES
    connection.execute(update(MetaRow).values(quarantine_bytes=held))
    append(connection, Kind.QUARANTINE, row.id, {"outcome": outcome.value, "note": note}, by)
