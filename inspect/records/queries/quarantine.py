"""What the quarantine holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select

from ..database import Database
from ..tables import MetaRow, QuarantineRow

PREVIEW_BYTES = 400
_COLUMNS = tuple(column for column in QuarantineRow.__table__.c if column.name != "payload")


class Outcome(StrEnum):
    """What became of a message that was set aside."""

    WAITING = "waiting"
    RECORDED = "recorded"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Aside:
    """A message that was set aside; `beginning` is the start of what is kept of it.

    Once it is settled nothing of it is kept but this.
    """

    id: int
    received_at: datetime
    topic: str
    reason: str
    sha256: str
    size_bytes: int
    kept_bytes: int
    tries: int
    outcome: Outcome
    settled_at: datetime | None
    settled_by: str | None
    note: str | None
    beginning: bytes


@dataclass(frozen=True, slots=True)
class Holding:
    """How much the quarantine holds; `unkept` messages found no room and were only counted."""

    waiting: int
    recorded: int
    dismissed: int
    held_bytes: int
    unkept: int


def asides(
    database: Database, outcome: Outcome | None, before: int | None, limit: int
) -> tuple[Aside, ...]:
    """Return messages that were set aside, the newest first, with ids below `before`."""
    query = select(*_COLUMNS, _beginning()).order_by(QuarantineRow.id.desc()).limit(limit)
    if outcome is not None:
        query = query.where(_is(outcome))
    if before is not None:
        query = query.where(QuarantineRow.id < before)
    with database.read() as connection:
        return tuple(_aside(row._mapping) for row in connection.execute(query))


def aside(database: Database, aside_id: int) -> tuple[Aside, bytes] | None:
    """Return one message and what is kept of its payload; None when there is none."""
    query = select(*_COLUMNS, _beginning(), QuarantineRow.payload)
    with database.read() as connection:
        row = connection.execute(query.where(QuarantineRow.id == aside_id)).one_or_none()
    return None if row is None else (_aside(row._mapping), bytes(row.payload))


def holding(database: Database) -> Holding:
    """Return how much the quarantine holds."""
    counts = select(QuarantineRow.outcome, func.count()).group_by(QuarantineRow.outcome)
    meta = select(MetaRow.quarantine_bytes, MetaRow.quarantine_unkept)
    with database.read() as connection:
        by_outcome = {row[0]: row[1] for row in connection.execute(counts)}
        held_bytes, unkept = connection.execute(meta).one()
    return Holding(
        by_outcome.get(None, 0),
        by_outcome.get(Outcome.RECORDED.value, 0),
        by_outcome.get(Outcome.DISMISSED.value, 0),
        held_bytes,
        unkept,
    )


def _is(outcome: Outcome) -> ColumnElement[bool]:
    if outcome is Outcome.WAITING:
        return QuarantineRow.outcome.is_(None)
    return QuarantineRow.outcome == outcome.value


def _beginning() -> ColumnElement[bytes]:
    return func.substr(QuarantineRow.payload, 1, PREVIEW_BYTES).label("beginning")


def _aside(row: object) -> Aside:
    fields = {name: row[name] for name in Aside.__dataclass_fields__}  # type: ignore[index]
    fields["outcome"] = Outcome(fields["outcome"] or Outcome.WAITING)
    fields["beginning"] = bytes(fields["beginning"] or b"")  # SQLite: substr of nothing
    return Aside(**fields)
