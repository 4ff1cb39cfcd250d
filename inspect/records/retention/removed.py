"""Knows inspections that come again after they were removed: they are not recorded once more."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection, Select, bindparam, select, tuple_

from ..places import Seated
from ..tables import BootRow, SequenceRow


def without_removed(connection: Connection, inspections: Sequence[Seated]) -> list[Seated]:
    """Return those of `inspections`, none of which is there, that were not removed by retention.

    Retention takes a row's sequence with it, and notes how far it got in the boot.
    """
    boots = {"boots": list({seat[0] for seat, _ in inspections})}
    rows = connection.execute(_removed(), boots)
    through = {row.id: row.removed_through for row in rows}
    old = [seat for seat, _ in inspections if seat[1] <= through.get(seat[0], 0)]
    if not old:
        return list(inspections)
    place = tuple_(SequenceRow.boot_id, SequenceRow.sequence)
    query = select(SequenceRow.boot_id, SequenceRow.sequence).where(place.in_(old))
    there = {(boot_id, sequence) for boot_id, sequence in connection.execute(query)}
    gone = set(old) - there
    return [each for each in inspections if each.seat not in gone]


@cache
def _removed() -> Select[int, int]:
    mine = BootRow.id.in_(bindparam("boots", expanding=True))
    return select(BootRow.id, BootRow.removed_through).where(mine, BootRow.removed_through > 0)
