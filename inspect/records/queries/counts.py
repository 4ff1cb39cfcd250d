"""Counts what a rate or a Pareto is made of; only production parts count.

Whole cells of time are read from the counts that are kept, the odd ends from the rows.
"""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
)

from ...core.verdict import Purpose, Verdict
from ...quality.rates import Tally
from ..database import Database
from ..rollups.firsts import is_first
from ..rollups.levels import LEVELS_S, Piece, levels_within, pieces
from ..statement import epoch_s
from ..tables import ClassCountRow, CountRow, FindingRow, InspectionRow
from .scope import Scope


def cells(
    database: Database, since: datetime, until: datetime, scope: Scope, cell_s: int
) -> dict[datetime, Tally]:
    """Tally the inspections captured from `since` to before `until`, by cells of time.

    A cell begins at a multiple of `cell_s` seconds since 1970; empty ones are left out.
    """
    found: defaultdict[datetime, Tally] = defaultdict(Tally)
    with database.read() as connection:
        for piece in pieces(since, until, levels_within(cell_s)):
            query = _tallies(piece, scope, cell_s)
            for number, *counts in connection.execute(query):
                found[datetime.fromtimestamp(number * cell_s, UTC)] += Tally(*counts)
    return dict(sorted(found.items()))


def failed_by_class(
    database: Database, since: datetime, until: datetime, scope: Scope
) -> dict[str, int]:
    """Return, for each defect class, how many failed inspections show it."""
    found: Counter[str] = Counter()
    with database.read() as connection:
        for piece in pieces(since, until, LEVELS_S):
            for class_name, parts in connection.execute(_failed(piece, scope)):
                found[class_name] += int(parts)
    return dict(found)


def _tallies(piece: Piece, scope: Scope, cell_s: int) -> Executable:
    """Return the query for a cell's number and the five counts of a Tally."""
    if piece.level_s is None:
        row, moment_s = InspectionRow, epoch_s(InspectionRow.captured_at)
        first = case((is_first(), 1), else_=0)
        sums = _five_counts(row.verdict, literal_column("1"), first)
        query = select((moment_s // cell_s).label("cell"), *sums)
        return query.where(*_production(piece, scope)).group_by("cell")
    sums = _five_counts(CountRow.verdict, CountRow.parts, CountRow.first)
    query = select((CountRow.start_s // cell_s).label("cell"), *sums)
    return query.where(*_kept(CountRow, piece, scope)).group_by("cell")


def _failed(piece: Piece, scope: Scope) -> Executable:
    """Return the query for the classes of failed parts, and how many parts show each."""
    if piece.level_s is None:
        row = InspectionRow
        query = select(FindingRow.class_name, func.count())
        query = query.join(row, row.id == FindingRow.inspection_id)
        query = query.where(*_production(piece, scope), row.verdict == Verdict.FAIL)
        return query.group_by(FindingRow.class_name)
    kept = ClassCountRow
    summed = select(kept.class_name, func.sum(kept.parts)).group_by(kept.class_name)
    return summed.where(*_kept(kept, piece, scope), kept.verdict == Verdict.FAIL)


def _five_counts(verdict: Any, parts: Any, first: Any) -> list[ColumnElement[int]]:
    by_verdict = [_sum(parts, verdict == each) for each in ("pass", "fail", "review")]
    return [*by_verdict, _sum(first), _sum(first, verdict == Verdict.PASS)]


def _production(piece: Piece, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        InspectionRow.captured_at >= piece.since,
        InspectionRow.captured_at < piece.until,
        InspectionRow.purpose == Purpose.PRODUCTION,
        scope.holds(InspectionRow.station_id),
    )


def _kept(table: Any, piece: Piece, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    first, end = piece.cells
    return (
        table.level_s == piece.level_s,
        and_(table.start_s >= first, table.start_s < end),
        scope.holds(table.station_id),
    )


def _sum(number: Any, condition: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    counted = number if condition is None else case((condition, number), else_=0)
    return cast(func.coalesce(func.sum(counted), 0), BigInteger)
