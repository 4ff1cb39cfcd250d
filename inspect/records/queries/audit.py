"""Reads the audit log."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from ...core.audit import AuditEntry, AuditHead
from ...core.clock import utc_now
from ..audit.entry import BEFORE_THE_FIRST, Kind
from ..audit.tables import AuditRow
from ..database import Database


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """Which entries are meant: `since` is included, `until` is not; no kinds stand for all."""

    since: datetime | None = None
    until: datetime | None = None
    kinds: Collection[Kind] = ()
    about: str | None = None


def entries(
    database: Database, filters: AuditFilters, limit: int, before: int | None = None
) -> tuple[AuditEntry, ...]:
    """Return the newest `limit` entries that pass, of those numbered below `before`."""
    query = select(*AuditRow.__table__.c).where(*_conditions(filters))
    if before is not None:
        query = query.where(AuditRow.number < before)
    with database.read() as connection:
        rows = connection.execute(query.order_by(AuditRow.number.desc()).limit(limit))
        return tuple(map(_entry, rows.mappings()))


def head(database: Database) -> AuditHead:
    """Return the newest entry's number, hash and time."""
    query = select(AuditRow.number, AuditRow.sha256, AuditRow.at)
    with database.read() as connection:
        row = connection.execute(query.order_by(AuditRow.number.desc()).limit(1)).one_or_none()
    number, sha256, at = row if row is not None else (0, BEFORE_THE_FIRST, utc_now())
    return AuditHead(epoch=database.epoch, number=number, sha256=sha256, at=at)


def _conditions(filters: AuditFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.since is not None:
        conditions.append(AuditRow.at >= filters.since)
    if filters.until is not None:
        conditions.append(AuditRow.at < filters.until)
    if filters.kinds:
        conditions.append(AuditRow.what.in_([kind.value for kind in filters.kinds]))
    if filters.about is not None:
        conditions.append(AuditRow.about == filters.about)
    return conditions


def _entry(row: Any) -> AuditEntry:
    """Return an entry as it is kept, edited or not: whether it is true, `verify` says."""
    try:
        detail = json.loads(row["detail"])
    except ValueError:
        detail = None
    shown = detail if isinstance(detail, dict) else {"unreadable": row["detail"]}
    return AuditEntry.model_construct(**(dict(row) | {"detail": shown}))
