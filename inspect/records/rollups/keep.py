"""Keeps the counts in step with the rows, in the transaction that changes them."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, delete, select, tuple_
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import aliased

from ...core.verdict import Purpose
from ..statement import as_lists, insert_lists, one_of
from ..tables import ClassCountRow, CountRow, FindingRow, InspectionRow, Table
from .firsts import first_of_part
from .levels import LEVELS_S

_CELL = ("level_s", "start_s", "station_id", "verdict", "recipe")
_CLASS_CELL = (*_CELL, "class_name")
_COUNTED = ("id", "station_id", "captured_at", "purpose", "verdict", "recipe", "serial")
Changes = Counter[tuple[Any, ...]]
"""By how much each count changes; the key is its cell."""
Cell = tuple[int, int, str, str]
AnyRow = Mapping[Any, Any]
"""A row that was read, or is about to be: its values by the names of its columns."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """By how much the counts of cells change: parts and firsts, and parts of a class."""

    parts: dict[tuple[Any, ...], tuple[int, int]]
    classes: dict[tuple[Any, ...], tuple[int]]


def count_in(connection: Connection, rows: Iterable[AnyRow], findings: Iterable[AnyRow]) -> None:
    """Count inspections whose `rows` and `findings` have just been inserted."""
    _change(connection, _contribution(connection, rows, findings, 1))


def count_out(connection: Connection, ids: Collection[UUID]) -> None:
    """Take the inspections `ids` out of the counts; their rows are still there."""
    _change(connection, contribution(connection, ids, -1))


def contribution(connection: Connection, ids: Collection[UUID], sign: int) -> Contribution:
    """Return what the rows `ids` contribute, given all others, or the negative of it."""
    shown = FindingRow.__table__.c
    query = select(shown.inspection_id, shown.class_name).where(shown.inspection_id.in_(ids))
    findings = connection.execute(query).mappings().all()
    return _contribution(connection, _rows(connection, ids), findings, sign)


def _rows(connection: Connection, ids: Collection[UUID]) -> Sequence[AnyRow]:
    columns = InspectionRow.__table__.c
    query = select(*(columns[name] for name in _COUNTED)).where(columns.id.in_(ids))
    return connection.execute(query).mappings().all()


def _contribution(
    connection: Connection, rows: Iterable[AnyRow], findings: Iterable[AnyRow], sign: int
) -> Contribution:
    counted = {row["id"]: row for row in rows if row["purpose"] == Purpose.PRODUCTION}
    if not counted:
        return Contribution({}, {})
    cells = {row_id: _cell(row) for row_id, row in counted.items()}
    parts, firsts, classes = Changes(), Changes(), Changes()
    for cell in cells.values():
        parts[cell] += sign
    for cell, gained in _first_changes(connection, counted, cells):
        firsts[cell] += sign * gained
    for finding in findings:
        if finding["inspection_id"] in cells:
            classes[*cells[finding["inspection_id"]], finding["class_name"]] += sign
    parts, firsts = _at_all_levels(parts), _at_all_levels(firsts)
    both = {cell: (parts[cell], firsts[cell]) for cell in parts.keys() | firsts.keys()}
    return Contribution(both, {cell: (n,) for cell, n in _at_all_levels(classes).items()})


def _change(connection: Connection, changes: Contribution) -> None:
    add_to(connection, CountRow, _CELL, ("parts", "first"), changes.parts)
    add_to(connection, ClassCountRow, _CLASS_CELL, ("parts",), changes.classes)


def _first_changes(
    connection: Connection, rows: Mapping[UUID, AnyRow], cells: Mapping[UUID, Cell]
) -> Iterator[tuple[Cell, int]]:
    """Give the cells of rows that are the first of their part by `rows`, and of those no longer."""
    firsts: dict[tuple[Any, ...], AnyRow] = {}
    for row_id, row in rows.items():
        part = row["station_id"], row["serial"]
        if row["serial"] is None:
            yield cells[row_id], 1
        elif part not in firsts or _order(row) < _order(firsts[part]):
            firsts[part] = row
    others = _first_others(connection, [row["id"] for row in firsts.values()], rows)
    for row in firsts.values():
        other = others.get(row["id"])
        if other is None or _order(row) < _order(other):
            yield cells[row["id"]], 1
            if other is not None:
                yield _cell(other), -1


def _first_others(
    connection: Connection, firsts: Sequence[UUID], rows: Collection[UUID]
) -> dict[UUID, AnyRow]:
    """Return for each of `firsts` the first row of its part that is not among `rows`, if any is."""
    if not firsts:
        return {}
    query = _seen_otherwise(connection.dialect.name)
    given = {"firsts": firsts, "known": list(rows)}
    others = {row.id: row.other for row in connection.execute(query, given)}
    found = {row["id"]: row for row in (_rows(connection, others.values()) if others else ())}
    return {first: found[other] for first, other in others.items()}


@cache
def _seen_otherwise(dialect: str) -> Select[Any]:
    # Built once: building it takes longer than the database takes for it.
    row, any_row = InspectionRow, aliased(InspectionRow)
    other = first_of_part(~one_of(dialect, any_row.id, "known"), of=any_row)
    seen = select(row.id, other.label("other")).where(one_of(dialect, row.id, "firsts")).subquery()
    return select(seen).where(seen.c.other.is_not(None))


def _order(row: AnyRow) -> tuple[Any, UUID]:
    return row["captured_at"], row["id"]


def _cell(row: AnyRow) -> Cell:
    """Return the finest cell a row falls into, its length left out."""
    start_s = int(row["captured_at"].timestamp() // LEVELS_S[0]) * LEVELS_S[0]
    return start_s, row["station_id"], row["verdict"], row["recipe"] or ""


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
    dialect = connection.dialect.name
    given: Any = rows if dialect == "sqlite" else as_lists(rows)
    connection.execute(_adding(dialect, table, key, counts), given)
    columns = table.__table__.c
    if less := [cell for cell, by in changes.items() if min(by) < 0]:
        cell_of_row = tuple_(*(columns[name] for name in key))
        empty = (columns[name] == 0 for name in counts)
        connection.execute(delete(table).where(*empty, cell_of_row.in_(less)))


@cache
def _adding(dialect: str, table: type[Table], key: tuple[str, ...], counts: tuple[str, ...]) -> Any:
    names = (*key, *counts)
    adding = sqlite.insert(table) if dialect == "sqlite" else insert_lists(table, names)
    columns = table.__table__.c
    total = {name: columns[name] + adding.excluded[name] for name in counts}
    return adding.on_conflict_do_update(index_elements=key, set_=total)
