"""Counts what a rate or a Pareto is made of; only production parts count."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from ...core.verdict import Purpose, Verdict
from ...quality.rates import Tally
from ..database import Database
from ..statement import epoch_s
from ..tables import FindingRow, InspectionRow
from .scope import Scope


def cells(
    database: Database, since: datetime, until: datetime, scope: Scope, cell_s: int
) -> dict[datetime, Tally]:
    """Tally the inspections captured from `since` to before `until`, by cells of time.

    A cell begins at a multiple of `cell_s` seconds since 1970; empty ones are left out.
    """
    row = InspectionRow
    cell = epoch_s(row.captured_at) // cell_s
    first = _is_first()
    query = (
        select(
            cell,
            *(_count(row.verdict == verdict) for verdict in ("pass", "fail", "review")),
            _count(first),
            _count(and_(first, row.verdict == Verdict.PASS)),
        )
        .where(*_production(since, until, scope))
        .group_by(cell)
        .order_by(cell)
    )
    with database.read() as connection:
        return {
            datetime.fromtimestamp(number * cell_s, UTC): Tally(*counts)
            for number, *counts in connection.execute(query)
        }


def failed_by_class(
    database: Database, since: datetime, until: datetime, scope: Scope
) -> dict[str, int]:
    """Return, for each defect class, how many failed inspections show it."""
    parts = func.count().label("parts")
    query = (
        select(FindingRow.class_name, parts)
        .join(InspectionRow, InspectionRow.id == FindingRow.inspection_id)
        .where(*_production(since, until, scope), InspectionRow.verdict == Verdict.FAIL)
        .group_by(FindingRow.class_name)
    )
    with database.read() as connection:
        return {row.class_name: row.parts for row in connection.execute(query)}


def _production(since: datetime, until: datetime, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        InspectionRow.captured_at >= since,
        InspectionRow.captured_at < until,
        InspectionRow.purpose == Purpose.PRODUCTION,
        scope.holds(InspectionRow.station_id),
    )


def _is_first() -> ColumnElement[bool]:
    """Return the condition that no earlier inspection saw the part at this station.

    A part without a serial cannot be recognised, and counts as seen for the first time.
    """
    row, earlier = InspectionRow, aliased(InspectionRow)
    seen = exists().where(
        earlier.serial == row.serial,
        earlier.station_id == row.station_id,
        earlier.purpose == row.purpose,
        tuple_(earlier.captured_at, earlier.id) < tuple_(row.captured_at, row.id),
    )
    return or_(row.serial.is_(None), ~seen)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
