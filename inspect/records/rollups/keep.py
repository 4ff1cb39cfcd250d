"""Keeps the counts in step with the rows, in the transaction that changes them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, delete, select, tuple_
from sqlalchemy.orm import aliased

from ...core.verdict import Purpose
from ..statement import insert_in, one_of
from ..tables import ClassCountRow, CountRow, FindingRow, InspectionRow, Table
from .firsts import first_of_part
from .levels import LEVELS_S

_CELL = ("level_s", "start_s", "station_id", "verdict", "recipe")
_CLASS_CELL = (*_CELL, "class_name")
Changes = Counter[tuple[Any, ...]]
"""By how much each count changes; the key is its cell."""


def count_in(connection: Connection, ids: Collection[UUID]) -> None:
    """Count the inspections `ids`, whose rows have just been inserted."""
    _change(connection, ids, 1)


def count_out(connection: Connection, ids: Collection[UUID]) -> None:
    """Take the inspections `ids` out of the counts; their rows are still there."""
    _change(connection, ids, -1)


@dataclass(frozen=True, slots=True)
class Contribution:
    """By how much the counts of cells change: parts and firsts, and parts of a class."""

    parts: dict[tuple[Any, ...], tuple[int, int]]
    classes: dict[tuple[Any, ...], tuple[int]]


def contribution(connection: Connection, ids: Collection[UUID], sign: int) -> Contribution:
    """Return what the rows `ids` contribute, given all others, or the negative of it."""
    rows = _rows(connection, ids)
    if not rows:
        return Contribution({}, {})
    cells = {row.id: _cell(row) for row in rows}
    parts, firsts = Changes(), Changes()
    for cell in cells.values():
        parts[cell] += sign
    for row, gained in _first_changes(connection, rows):
        firsts[_cell(row)] += sign * gained
    parts, firsts = _at_all_levels(parts), _at_all_levels(firsts)
    both = {cell: (parts[cell], firsts[cell]) for cell in parts.keys() | firsts.keys()}
    classes = {cell: (sign * n,) for cell, n in _classes(connection, cells).items()}
    return Contribution(both, classes)


def _change(connection: Connection, ids: Collection[UUID], sign: int) -> None:
    changes = contribution(connection, ids, sign)
    add_to(connection, CountRow, _CELL, ("parts", "first"), changes.parts)
    add_to(connection, ClassCountRow, _CLASS_CELL, ("parts",), changes.classes)


def _rows(connection: Connection, ids: Collection[UUID]) -> Sequence[Any]:
    """Return the production parts among `ids`, and the first of each part with and without them."""
    return connection.execute(_parts_of(connection.dialect.name), {"known": list(ids)}).all()


@cache
def _parts_of(dialect: str) -> Select[Any]:
    # Built once: building it takes longer than the database takes for it.
    row, any_row = InspectionRow, aliased(InspectionRow)
    columns = (row.id, row.station_id, row.captured_at, row.verdict, row.recipe, row.serial)
    query = select(
        *columns,
        first_of_part(of=any_row).label("first_with"),
        first_of_part(~one_of(dialect, any_row.id, "known"), of=any_row).label("first_without"),
    )
    return query.where(one_of(dialect, row.id, "known"), row.purpose == Purpose.PRODUCTION)


def _classes(connection: Connection, cells: Mapping[UUID, tuple[Any, ...]]) -> Changes:
    shown = connection.execute(_shown(connection.dialect.name), {"known": list(cells)})
    return _at_all_levels(Changes((*cells[seen_in], class_name) for seen_in, class_name in shown))


@cache
def _shown(dialect: str) -> Select[UUID, str]:
    query = select(FindingRow.inspection_id, FindingRow.class_name)
    return query.where(one_of(dialect, FindingRow.inspection_id, "known"))


def _first_changes(connection: Connection, rows: Sequence[Any]) -> list[tuple[Any, int]]:
    """Return the rows that are the first of their part by `rows`, and those that no longer are."""
    mine = {row.id: row for row in rows}
    gained = [row for row in rows if row.serial is None]
    gained += [row for row in rows if row.first_with == row.id]
    lost = {row.first_without for row in rows if row.first_with in mine} - {None}
    query = select(InspectionRow).where(InspectionRow.id.in_(list(lost)))
    losers = connection.execute(query).all() if lost else ()
    return [(row, 1) for row in gained] + [(row, -1) for row in losers]


def _cell(row: Any) -> tuple[Any, ...]:
    """Return the finest cell a row falls into, its length left out."""
    start_s = int(row.captured_at.timestamp() // LEVELS_S[0]) * LEVELS_S[0]
    return (start_s, row.station_id, row.verdict, row.recipe or "")


def _at_all_levels(finest: Changes) -> Changes:
    """Return the changes of the finest cells as those of the cells of every length."""
    total = Changes()
    for (start_s, *rest), by in finest.items():
        for level_s in LEVELS_S:
            total[level_s, start_s // level_s * level_s, *rest] += by
    return total


def add_to(
    connection: Connection,
    table: type[Table],
    key: tuple[str, ...],
    counts: tuple[str, ...],
    changes: Mapping[tuple[Any, ...], tuple[int, ...]],
) -> None:
    """Add `changes` to a table of counts, whose key is `key`; empty cells are removed."""
    rows = [
        dict(zip((*key, *counts), (*cell, *by), strict=True))
        for cell, by in sorted(changes.items())
        if any(by)
    ]
    if not rows:
        return
    connection.execute(_adding(connection.dialect.name, table, key, counts), rows)
    columns = table.__table__.c
    if less := [cell for cell, by in changes.items() if min(by) < 0]:
        cell_of_row = tuple_(*(columns[name] for name in key))
        empty = (columns[name] == 0 for name in counts)
        connection.execute(delete(table).where(*empty, cell_of_row.in_(less)))


@cache
def _adding(dialect: str, table: type[Table], key: tuple[str, ...], counts: tuple[str, ...]) -> Any:
    adding = insert_in(dialect, table)
    columns = table.__table__.c
    total = {name: columns[name] + adding.excluded[name] for name in counts}
    return adding.on_conflict_do_update(index_elements=key, set_=total)
