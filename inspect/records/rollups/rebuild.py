"""Makes the counts anew from the rows, and says which were wrong."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    case,
    cast,
    delete,
    except_,
    func,
    insert,
    literal_column,
    or_,
    select,
    union_all,
)

from ...core.verdict import Purpose
from ..audit.chain import SERVER, append
from ..audit.entry import Kind
from ..database import Database
from ..retention.tables import CarriedClassCountRow, CarriedCountRow
from ..statement import epoch_s
from ..tables import ClassCountRow, CountRow, FindingRow, InspectionRow
from .firsts import is_first
from .levels import LEVELS_S

_FINEST_S = LEVELS_S[0]
_LEVEL = literal_column(str(_FINEST_S), BigInteger).label("level_s")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many counts there are, and how many were missing or wrong before."""

    counts: int
    wrong: int


def rebuild(database: Database, who: str = SERVER) -> Rebuilt:
    """Make every count anew in one transaction; what arrives meanwhile waits.

    The audit log says that `who` had it done.

    Raises sqlalchemy's OperationalError while the database cannot be used.
    """
    with database.write() as connection:
        wrong = wrong_counts(connection)
        for table in (CountRow, ClassCountRow):
            connection.execute(delete(table))
        for level_s in LEVELS_S:
            _fill(connection, CountRow, _parts(level_s))
            _fill(connection, ClassCountRow, _classes(level_s))
        rebuilt = Rebuilt(_size(connection, CountRow) + _size(connection, ClassCountRow), wrong)
        append(connection, Kind.COUNTS_REBUILT, "counts", asdict(rebuilt), who)
        return rebuilt


def wrong_counts(connection: Connection) -> int:
    """Return how many counts the rows do not bear out, or lack."""
    total = 0
    for level_s in LEVELS_S:
        total += _differences(connection, CountRow, level_s, _parts(level_s))
        total += _differences(connection, ClassCountRow, level_s, _classes(level_s))
    return total


def _differences(connection: Connection, table: Any, level_s: int, true: Select[Any]) -> int:
    columns = table.__table__.c
    kept = select(*columns).where(table.level_s == level_s)
    key = len(table.__table__.primary_key)
    odd = [connection.execute(except_(*pair)).all() for pair in ((kept, true), (true, kept))]
    return len({tuple(row[:key]) for rows in odd for row in rows})


def _parts(level_s: int) -> Select[Any]:
    """Return the query for the true counts of a level: the finest from rows, others from it."""
    if level_s != _FINEST_S:
        return _coarser(CountRow, level_s)
    first = func.sum(case((is_first(), 1), else_=0)).label("first")
    query = select(*_cell(), func.count().label("parts"), first)
    query = query.where(InspectionRow.purpose == Purpose.PRODUCTION).group_by(*_cell())
    return _with_carried(query, CarriedCountRow)


def _classes(level_s: int) -> Select[Any]:
    if level_s != _FINEST_S:
        return _coarser(ClassCountRow, level_s)
    row = InspectionRow
    shown = (*_cell(), FindingRow.class_name)
    query = select(*shown, func.count().label("parts"))
    query = query.join(FindingRow, FindingRow.inspection_id == row.id)
    query = query.where(row.purpose == Purpose.PRODUCTION).group_by(*shown)
    return _with_carried(query, CarriedClassCountRow)


def _with_carried(counted: Select[Any], table: Any) -> Select[Any]:
    """Return the query for what rows say and what removed rows said, together."""
    names = [column.name for column in table.__table__.c]
    both = union_all(counted, select(*table.__table__.c)).subquery().columns
    cells = dict(zip(names, both, strict=True))
    key = [cells[column.name].label(column.name) for column in table.__table__.primary_key]
    sums = {name: _whole(func.sum(cells[name])) for name in names[len(key) :]}
    query = select(_LEVEL, *key, *(total.label(name) for name, total in sums.items()))
    return query.group_by(*key).having(or_(*(total != 0 for total in sums.values())))


def _coarser(table: Any, level_s: int) -> Select[Any]:
    level: ColumnElement[int] = literal_column(str(level_s), BigInteger)
    columns = table.__table__.c
    start = columns.start_s - columns.start_s % level
    rest = list(table.__table__.primary_key)[2:]
    sums = [
        _whole(func.sum(column)).label(column.name) for column in columns if not column.primary_key
    ]
    query = select(level.label("level_s"), start.label("start_s"), *rest, *sums)
    return query.where(columns.level_s == _FINEST_S).group_by(start, *rest)


def _cell() -> tuple[ColumnElement[Any], ...]:
    # Numbers are written out: PostgreSQL does not know two bound ones for the same expression.
    row, minute = InspectionRow, literal_column(str(_FINEST_S), BigInteger)
    start = epoch_s(row.captured_at) - epoch_s(row.captured_at) % minute
    recipe = func.coalesce(row.recipe, literal_column("''"))
    return (start, row.station_id.expression, row.verdict.expression, recipe)


def _whole(total: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(total, BigInteger)


def _fill(connection: Connection, table: Any, query: Select[Any]) -> None:
    names = [column.name for column in table.__table__.c]
    connection.execute(insert(table).from_select(names, query))


def _size(connection: Connection, table: Any) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
