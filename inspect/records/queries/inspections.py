"""Finds inspections: a page of them, one, or all of one part."""

import base64
import binascii
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_

from ...core.clock import Moment
from ...core.inspection import Inspection
from ...core.verdict import Purpose, Verdict
from ..database import Database
from ..part_name import known_by
from ..tables import EvidenceRow, FindingRow, InspectionRow
from .scope import EVERY_STATION, Scope

MAX_OF_A_PART = 500
_READ_AT_ONCE = 500
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a page of inspections is limited to; `since` is included, `until` is not."""

    scope: Scope = EVERY_STATION
    since: datetime | None = None
    until: datetime | None = None
    verdict: Verdict | None = None
    class_name: str | None = None
    serial: str | None = None
    lot: str | None = None
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last inspection of a page; the next page begins behind it."""

    captured_at: datetime
    id: UUID

    def __str__(self) -> str:
        plain = f"{self.captured_at.isoformat()} {self.id}"
        return base64.urlsafe_b64encode(plain.encode()).decode()


@dataclass(frozen=True, slots=True)
class Page:
    """Inspections, newest first, and where to go on; None at the end."""

    items: tuple[Inspection, ...]
    next_cursor: Cursor | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """One inspection, when it was recorded, and which of its images have arrived."""

    inspection: Inspection
    recorded_at: datetime
    stored: frozenset[str]


def parse_cursor(text: str) -> Cursor:
    """Return the Cursor written in `text`; raise ValueError when there is none."""
    try:
        moment, _, row_id = base64.urlsafe_b64decode(text).decode().partition(" ")
        return Cursor(_MOMENT.validate_python(moment), UUID(row_id))
    except (binascii.Error, UnicodeError, ValueError):
        raise ValueError("the cursor is not one that this API gave") from None


def page(database: Database, filters: Filters, limit: int, after: Cursor | None = None) -> Page:
    """Return the newest `limit` inspections that pass `filters` and lie behind `after`."""
    query = _newest_first(filters, after).limit(limit + 1)
    with database.read() as connection:
        documents = connection.execute(query).scalars().all()
    items = _inspections(documents[:limit])
    if len(documents) <= limit:
        return Page(items, None)
    return Page(items, Cursor(items[-1].captured_at, items[-1].id))


def one(database: Database, inspection_id: UUID) -> Recorded | None:
    """Return one inspection, or None when it is not known."""
    query = select(InspectionRow.document, InspectionRow.recorded_at)
    with database.read() as connection:
        row = connection.execute(query.where(InspectionRow.id == inspection_id)).one_or_none()
        if row is None:
            return None
        inspection = Inspection.model_validate_json(row.document)
        digests = [evidence.sha256 for evidence in inspection.evidence]
        stored = select(EvidenceRow.sha256).where(
            EvidenceRow.sha256.in_(digests),
            EvidenceRow.stored_at.is_not(None),
            EvidenceRow.removed_by.is_(None),
        )
        arrived = frozenset(connection.execute(stored).scalars())
    return Recorded(inspection, row.recorded_at, arrived)


def of_part(database: Database, part: str) -> tuple[Inspection, ...]:
    """Return the newest 500 inspections of the part with this serial or id, oldest first."""
    query = select(InspectionRow.document).where(known_by(part))
    query = query.order_by(InspectionRow.captured_at.desc(), InspectionRow.id.desc())
    with database.read() as connection:
        documents = connection.execute(query.limit(MAX_OF_A_PART)).scalars().all()
    return _inspections(documents[::-1])


def how_many(connection: Connection, filters: Filters) -> int:
    """Return how many inspections pass `filters`."""
    query, _, row_id = _chosen(filters, InspectionRow.id)
    ids = query.with_only_columns(func.count(row_id))
    return connection.execute(ids).scalar_one()


def all_of(
    connection: Connection, filters: Filters
) -> Generator[tuple[Inspection, datetime], None, None]:
    """Give every inspection that passes `filters` and when it was recorded, the oldest first."""
    query, *order = _chosen(filters, InspectionRow.document, InspectionRow.recorded_at)
    streaming = query.order_by(*order).execution_options(yield_per=_READ_AT_ONCE)
    with connection.execute(streaming) as found:
        for row in found:
            yield Inspection.model_validate_json(row.document), row.recorded_at


def _inspections(documents: Sequence[str]) -> tuple[Inspection, ...]:
    return tuple(Inspection.model_validate_json(document) for document in documents)


def _newest_first(filters: Filters, after: Cursor | None) -> Select[Any]:
    query, captured_at, row_id = _chosen(filters, InspectionRow.document)
    if after is not None:
        query = query.where(tuple_(captured_at, row_id) < tuple_(after.captured_at, after.id))
    return query.order_by(captured_at.desc(), row_id.desc())


def _chosen(filters: Filters, *columns: Any) -> tuple[Select[Any], Any, Any]:
    """Return the query for what passes `filters`, and the columns of time and id to order it by."""
    query = select(*columns).where(*_conditions(filters))
    captured_at: Any = InspectionRow.captured_at
    row_id: Any = InspectionRow.id
    if filters.class_name is not None:  # the class's own index leads to its newest inspections
        query = query.join(FindingRow, FindingRow.inspection_id == InspectionRow.id)
        query = query.where(FindingRow.class_name == filters.class_name)
        captured_at, row_id = FindingRow.captured_at, FindingRow.inspection_id
    if filters.since is not None:
        query = query.where(captured_at >= filters.since)
    if filters.until is not None:
        query = query.where(captured_at < filters.until)
    return query, captured_at, row_id


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    row = InspectionRow
    same = (
        (row.verdict, filters.verdict),
        (row.serial, filters.serial),
        (row.lot, filters.lot),
        (row.purpose, filters.purpose),
    )
    given = [column == value for column, value in same if value is not None]
    return [filters.scope.holds(row.station_id), *given]
