"""What the tables around `inspections` say of some of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, tuple_

from ..rows import evidence_rows, finding_rows
from ..sequences import SeatKey
from ..tables import EvidenceReferenceRow, FindingRow, SequenceRow


@dataclass(frozen=True, slots=True)
class Belongings:
    """By inspection its findings; by seat its images and its owner."""

    findings: dict[UUID, set[tuple[Any, ...]]]
    images: dict[SeatKey, set[str]]
    owners: dict[SeatKey, UUID | None]

    def fit(self, inspection: Any, boot_id: int) -> bool:
        """Say whether all of it is what the inspection's document says."""
        seat = (boot_id, inspection.sequence)
        findings = {tuple(each.values()) for each in finding_rows(inspection)}
        images = {each["sha256"] for each in evidence_rows(inspection, boot_id)}
        return (
            self.findings.get(inspection.id, set()) == findings
            and self.images.get(seat, set()) == images
            and self.owners.get(seat) == inspection.id
        )


def belongings_of(connection: Connection, rows: Sequence[Any]) -> Belongings:
    """Return what belongs to these rows of `inspections`, at most a page of them."""
    seats = [(row.boot_id, row.sequence) for row in rows]
    findings = _findings(connection, [row.id for row in rows])
    return Belongings(findings, _images(connection, seats), _owners(connection, seats))


def _findings(connection: Connection, ids: list[UUID]) -> dict[UUID, set[tuple[Any, ...]]]:
    found: defaultdict[UUID, set[tuple[Any, ...]]] = defaultdict(set)
    query = select(*FindingRow.__table__.c).where(FindingRow.inspection_id.in_(ids))
    for row in connection.execute(query):
        found[row.inspection_id].add(tuple(row))
    return found


def _images(connection: Connection, seats: list[SeatKey]) -> dict[SeatKey, set[str]]:
    images: defaultdict[SeatKey, set[str]] = defaultdict(set)
    kept = EvidenceReferenceRow
    query = select(kept.boot_id, kept.sequence, kept.sha256)
    rows = connection.execute(query.where(tuple_(kept.boot_id, kept.sequence).in_(seats)))
    for boot_id, sequence, sha256 in rows:
        images[boot_id, sequence].add(sha256)
    return images


def _owners(connection: Connection, seats: list[SeatKey]) -> dict[SeatKey, UUID | None]:
    seat = SequenceRow
    query = select(seat.boot_id, seat.sequence, seat.inspection_id)
    rows = connection.execute(query.where(tuple_(seat.boot_id, seat.sequence).in_(seats)))
    return {(boot_id, sequence): owner for boot_id, sequence, owner in rows}
