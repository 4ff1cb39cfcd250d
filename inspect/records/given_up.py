"""What a station gave up counts as accounted for, and is never taken for recorded.

Of inspections a prefix of a boot is given up, so its watermark moves there at once; how many of
them are missing for good is told by `sequences.given_up_of_boot`. Images that will not come are
marked as such, once the inspection that names them is known.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, case, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from ..core.delivery import Dropped
from ..core.verdict import Verdict
from .statement import insert
from .tables import BootRow, EvidenceReferenceRow, EvidenceRow, InspectionRow, SequenceRow


def give_up(connection: Connection, boot_id: int, dropped: Dropped) -> None:
    """Note how far a boot's station gave up inspections and images."""
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


def await_no_more(connection: Connection, station_ids: Collection[int]) -> None:
    """Mark the images that the stations' open boots gave up as ones that will not come."""
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
            BootRow.station_id.in_(station_ids),
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
    adding = insert(connection, EvidenceRow).from_select([EvidenceRow.sha256], given_up)
    connection.execute(adding.on_conflict_do_nothing())


def _later(column: InstrumentedAttribute[int], sequence: int) -> ColumnElement[int]:
    return case((column < sequence, sequence), else_=column)
