"""Takes inspections in: new ones are inserted, repeats pass unharmed, the impossible is refused.

Of one part, what was judged stands before the guess of a station that was interrupted at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Connection, Select, select
from sqlalchemy.exc import DataError, IntegrityError

from ..core.inspection import Inspection
from ..messaging.topics import Channel, Topic
from .audit.pages import Line, record_digest
from .batch import Refused, Seat
from .guesses import make_room, without_guesses
from .places import Places, Seated
from .retention.removed import without_removed
from .rollups.keep import count_in
from .rows import Row, evidence_rows, finding_rows, inspection_row
from .sequences import SeatKey, claim
from .statement import insert_rows, one_of
from .tables import EvidenceReferenceRow, FindingRow, InspectionRow


@dataclass(frozen=True, slots=True)
class Accepted:
    """Inspections that were not there before, and those that cannot be.

    `lines` are the records of the new ones, `replaced` the guesses that gave way to them.
    """

    new: tuple[Seated, ...] = ()
    refused: tuple[Refused, ...] = ()
    lines: tuple[Line, ...] = ()
    replaced: tuple[UUID, ...] = ()

    def __add__(self, other: "Accepted") -> "Accepted":
        """Return both together."""
        return Accepted(
            self.new + other.new,
            self.refused + other.refused,
            self.lines + other.lines,
            self.replaced + other.replaced,
        )


def accept(
    connection: Connection, places: Places, inspections: Sequence[Seated], now: datetime
) -> Accepted:
    """Insert `inspections`; one that the database will not hold is refused, never the others."""
    if not inspections:
        return Accepted()
    try:
        with connection.begin_nested():
            return _insert(connection, places, inspections, now)
    except (DataError, IntegrityError) as error:
        if len(inspections) == 1:
            return Accepted(
                refused=(refuse(inspections[0].item, f"the database says: {error.orig}"),)
            )
    middle = len(inspections) // 2
    first = accept(connection, places, inspections[:middle], now)
    return first + accept(connection, places, inspections[middle:], now)


def refuse(inspection: Inspection, reason: str) -> Refused:
    """Return the refusal of an inspection that was well formed."""
    return Refused(
        topic=str(Topic(inspection.address, Channel.INSPECTION)),
        payload=inspection.model_dump_json().encode(),
        reason=reason,
        seat=Seat(inspection.address, inspection.boot, inspection.sequence),
    )


def _insert(
    connection: Connection, places: Places, inspections: Sequence[Seated], now: datetime
) -> Accepted:
    known = _known(connection, inspections)
    once = {(each.seat, each.item.id): each for each in inspections}.values()
    fresh = without_guesses([each for each in once if each.item.id not in known])
    fresh = without_removed(connection, fresh)
    owners, replaced = _claim(connection, fresh)
    new = [each for each in fresh if owners[each.seat] == each.item.id]
    refused = [
        refuse(item, f"sequence {item.sequence} of boot {item.boot} is another inspection's")
        for seat, item in fresh
        if owners[seat] != item.id and not item.interrupted
    ]
    refused += [
        refuse(item, f"id {item.id} was recorded under another sequence")
        for seat, item in once
        if known.get(item.id, seat) != seat
    ]
    lines = _insert_rows(connection, places, new, now)
    return Accepted(tuple(new), tuple(refused), tuple(lines), replaced)


def _claim(
    connection: Connection, fresh: Sequence[Seated]
) -> tuple[dict[SeatKey, UUID | None], tuple[UUID, ...]]:
    """Return whose the seats of `fresh` are: the first comer's, unless that was a guess.

    And the guesses that gave way.
    """
    owners = claim(connection, [(seat, item.id) for seat, item in fresh])
    late = [each for each in fresh if owners[each.seat] != each.item.id]
    replaced = make_room(connection, late, owners)
    if replaced:
        owners |= claim(connection, [(seat, item.id) for seat, item in late])
    return owners, replaced


def _insert_rows(
    connection: Connection, places: Places, new: Sequence[Seated], now: datetime
) -> list[Line]:
    main: list[Row] = []
    findings: list[Row] = []
    evidence: list[Row] = []
    for (boot_id, _), item in new:
        main.append(inspection_row(item, places.stations[item.address], boot_id, now))
        findings += finding_rows(item)
        evidence += evidence_rows(item, boot_id)
    insert_rows(connection, InspectionRow, main)
    insert_rows(connection, FindingRow, findings)
    insert_rows(connection, EvidenceReferenceRow, evidence)
    count_in(connection, main, findings)
    return [Line(row["id"], record_digest(now, row["document"])) for row in main]


def _known(connection: Connection, inspections: Sequence[Seated]) -> dict[UUID, SeatKey]:
    given = {"given": [item.id for _, item in inspections]}
    rows = connection.execute(_seats_of_ids(connection.dialect.name), given)
    return {row.id: (row.boot_id, row.sequence) for row in rows}


@cache
def _seats_of_ids(dialect: str) -> Select[UUID, int, int]:
    query = select(InspectionRow.id, InspectionRow.boot_id, InspectionRow.sequence)
    return query.where(one_of(dialect, InspectionRow.id, "given"))
