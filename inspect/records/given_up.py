"""What a station gave up counts as accounted for, and is never taken for recorded.

Of inspections a prefix of a boot is given up, so its watermark moves there at once; how many of
them are missing for good is told by `sequences.given_up_in_boot`. What a restore lost is counted
apart, as far as the two can be told from one another. Images that will not come are
marked as such, once the inspection that names them is known.
"""

from collections import Counter
from collections.abc import Collection
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Select,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from ..core.delivery import Dropped
from ..core.verdict import Verdict
from .statement import insert_in
from .tables import BootRow, EvidenceReferenceRow, EvidenceRow, InspectionRow, SequenceRow


def give_up(connection: Connection, boot_id: int, dropped: Dropped) -> None:
    """Note how far a boot's station gave up inspections and images, or lost them by a restore."""
    if dropped.lost_through:
        _lose(connection, boot_id, dropped.lost_through)
    rows, passes, evidence = (
        BootRow.rows_through,
        BootRow.passes_gone_through,
        BootRow.evidence_gone_through,
    )
    connection.execute(
        update(BootRow)
        .where(BootRow.id == boot_id)
        .values(
            rows_through=_later(rows, dropped.rows_through),
            passes_gone_through=_later(passes, dropped.passes_through),
            evidence_gone_through=_later(evidence, dropped.evidence_through),
        )
    )


def find_again(connection: Connection, seats: Collection[tuple[int, int]]) -> None:
    """Take those of `seats` out of the lost ones that nobody has claimed; they are claimed next."""
    boots = {"boots": list({boot_id for boot_id, _ in seats})}
    lossy = {row.id: row.lost_through for row in connection.execute(_lossy(), boots)}
    late = [seat for seat in seats if seat[1] <= lossy.get(seat[0], 0)]
    if not late:
        return
    place = (SequenceRow.boot_id, SequenceRow.sequence)
    there = {
        tuple(row) for row in connection.execute(select(*place).where(tuple_(*place).in_(late)))
    }
    for boot_id, found in Counter(seat[0] for seat in late if seat not in there).items():
        left = case((BootRow.lost > found, BootRow.lost - found), else_=0)
        connection.execute(update(BootRow).where(BootRow.id == boot_id).values(lost=left))


@cache
def _lossy() -> Select[int, int]:
    mine = BootRow.id.in_(bindparam("boots", expanding=True))
    return select(BootRow.id, BootRow.lost_through).where(mine, BootRow.lost > 0)


def await_no_more(connection: Connection, station_ids: Collection[int]) -> None:
    """Mark the images that the stations' open boots gave up as ones that will not come."""
    connection.execute(_marking(connection.dialect.name), {"mine": list(station_ids)})


@cache
def _marking(dialect: str) -> Insert:
    reference = EvidenceReferenceRow
    passed = InspectionRow.verdict == Verdict.PASS.value
    gone = or_(
        passed & (reference.sequence <= BootRow.passes_gone_through),
        ~passed & (reference.sequence <= BootRow.evidence_gone_through),
    )
    known = exists().where(EvidenceRow.sha256 == reference.sha256)
    given_up = (
        select(reference.sha256)
        .join(BootRow, BootRow.id == reference.boot_id)
        .join(
            SequenceRow,
            (SequenceRow.boot_id == reference.boot_id)
            & (SequenceRow.sequence == reference.sequence),
        )
        .join(InspectionRow, InspectionRow.id == SequenceRow.inspection_id)
        .where(
            BootRow.station_id.in_(bindparam("mine", expanding=True)),
            BootRow.open,
            or_(
                BootRow.passes_gone_through > BootRow.evidence_through,
                BootRow.evidence_gone_through > BootRow.evidence_through,
            ),
            reference.sequence > BootRow.evidence_through,
            gone,
            ~known,
        )
        .distinct()
    )
    adding = insert_in(dialect, EvidenceRow).from_select([EvidenceRow.sha256], given_up)
    return adding.on_conflict_do_nothing()


def _lose(connection: Connection, boot_id: int, through: int) -> None:
    """Account for what is missing behind the watermark; nothing, if it is there already."""
    ahead = (
        select(func.count())
        .where(
            SequenceRow.boot_id == BootRow.id,
            SequenceRow.sequence > BootRow.rows_through,
            SequenceRow.sequence <= through,
        )
        .correlate(BootRow)
        .scalar_subquery()
    )
    missing = through - BootRow.rows_through - ahead
    connection.execute(
        update(BootRow)
        .where(BootRow.id == boot_id, BootRow.rows_through < through)
        .values(lost=BootRow.lost + missing, lost_through=through, rows_through=through)
    )


def _later(column: InstrumentedAttribute[int], sequence: int) -> ColumnElement[int]:
    return case((column < sequence, sequence), else_=column)
