"""The record of an interrupted part is a guess; it gives way to one that was judged."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, delete, select, tuple_, update

from ..core.inspection import Inspection
from .places import Seated
from .rollups.keep import count_out
from .sequences import SeatKey, vacate
from .tables import BootRow, EvidenceReferenceRow, FindingRow, InspectionRow


def without_guesses(inspections: Sequence[Seated]) -> list[Seated]:
    """Return `inspections` less the interrupted ones whose part is judged among them."""
    judged = {seat for seat, item in inspections if not item.interrupted}
    return [each for each in inspections if not each.item.interrupted or each.seat not in judged]


def make_room(
    connection: Connection,
    late: Sequence[Seated],
    owners: Mapping[SeatKey, UUID | None],
) -> tuple[UUID, ...]:
    """Delete the guesses that `owners` says sit where judged `late` ones belong; return them."""
    wanted = {owners[seat] for seat, item in late if not item.interrupted}
    guesses = _guesses(connection, [owner for owner in wanted if owner is not None])
    if not guesses:
        return ()
    seats = list(guesses.values())
    count_out(connection, list(guesses))
    reference = tuple_(EvidenceReferenceRow.boot_id, EvidenceReferenceRow.sequence)
    connection.execute(delete(FindingRow).where(FindingRow.inspection_id.in_(guesses)))
    connection.execute(delete(EvidenceReferenceRow).where(reference.in_(seats)))
    connection.execute(delete(InspectionRow).where(InspectionRow.id.in_(guesses)))
    for boot_id, count in Counter(boot_id for boot_id, _ in seats).items():
        boot = update(BootRow).where(BootRow.id == boot_id)
        connection.execute(boot.values(recorded=BootRow.recorded - count))
    vacate(connection, seats)
    return tuple(guesses)


def _guesses(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, SeatKey]:
    if not ids:
        return {}
    query = select(InspectionRow).where(InspectionRow.id.in_(ids))
    return {
        row.id: (row.boot_id, row.sequence)
        for row in connection.execute(query)
        if Inspection.model_validate_json(row.document).interrupted
    }
