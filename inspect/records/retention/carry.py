"""Keeps what rows have counted when the rows themselves are removed.

For every minute the counts that are kept are those of the rows that are there, and those carried.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from ..rollups.keep import add_to, contribution
from ..rollups.levels import LEVELS_S
from .tables import CarriedClassCountRow, CarriedCountRow

_CELL = ("start_s", "station_id", "verdict", "recipe")
Sums = Counter[str]
"""Parts, firsts and classes by verdict: `parts fail`, `first fail`, `classes fail`."""


def carry(connection: Connection, ids: Collection[UUID]) -> Sums:
    """Carry what the rows `ids`, which are about to be removed, contribute; return its sums."""
    lost = contribution(connection, ids, -1)
    parts, classes = _of_minutes(lost.parts), _of_minutes(lost.classes)
    add_to(connection, CarriedCountRow, _CELL, ("parts", "first"), parts)
    add_to(connection, CarriedClassCountRow, (*_CELL, "class_name"), ("parts",), classes)
    sums = Sums()
    for (_, _, verdict, _), (some, first) in parts.items():
        sums.update({f"parts {verdict}": some, f"first {verdict}": first})
    for cell, (some,) in classes.items():
        sums[f"classes {cell[2]}"] += some
    return sums


def carried(connection: Connection) -> Sums:
    """Return the sums over all that is carried."""
    sums = Sums()
    row, by_class = CarriedCountRow, CarriedClassCountRow
    query = select(row.verdict, func.sum(row.parts), func.sum(row.first)).group_by(row.verdict)
    for verdict, parts, first in connection.execute(query):
        sums.update({f"parts {verdict}": int(parts), f"first {verdict}": int(first)})
    summed = select(by_class.verdict, func.sum(by_class.parts)).group_by(by_class.verdict)
    for verdict, parts in connection.execute(summed):
        sums[f"classes {verdict}"] += int(parts)
    return sums


def _of_minutes(
    changes: Mapping[tuple[Any, ...], tuple[int, ...]],
) -> dict[tuple[Any, ...], tuple[int, ...]]:
    return {
        cell[1:]: tuple(-each for each in by)
        for cell, by in changes.items()
        if cell[0] == LEVELS_S[0]
    }
