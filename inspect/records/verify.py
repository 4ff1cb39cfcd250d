"""Holds the records against each other and against the images on disk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, exists, func, select

from ..core.identity import digest
from ..core.inspection import Inspection
from .database import Database
from .evidence_store import EvidenceStore
from .rollups.rebuild import wrong_counts
from .rows import inspection_row
from .tables import EvidenceRow, InspectionRow, SequenceRow

_READ_AT_ONCE = 1000
OnProgress = Callable[[int, int], None]
"""Called with how many rows and images were looked at, and how many there are."""


class Flaw(StrEnum):
    """What can be wrong; the value is how a person is told."""

    REMOVED = "an inspection that was recorded is gone"
    EDITED = "an inspection's columns are not what its document says"
    EVIDENCE_MISSING = "an image that was stored is gone"
    EVIDENCE_DAMAGED = "an image is not what its digest says"
    EVIDENCE_ORPHAN = "an image on disk that no record knows"
    COUNT = "counts that the records do not bear out"


@dataclass(frozen=True, slots=True)
class Found:
    """One flaw, and the inspection's id, the image's digest or the number it is about."""

    flaw: Flaw
    what: str


def verify(database: Database, evidence: EvidenceStore, on_progress: OnProgress) -> Iterator[Found]:
    """Give every flaw of one state of the database; the server may run meanwhile.

    An orphan may be an image whose message is being recorded at this moment.
    """
    on_disk = set(evidence.digests())
    with database.read() as connection:
        rows = connection.scalar(select(func.count()).select_from(InspectionRow)) or 0
        images = connection.scalar(select(func.count()).where(*_stored())) or 0
        for number, row in enumerate(_inspections(connection)):
            yield from _edited(row)
            on_progress(number + 1, rows + images)
        yield from _removed(connection)
        stored = connection.execute(select(EvidenceRow.sha256).where(*_stored())).scalars()
        for number, sha256 in enumerate(stored, rows):
            on_disk.discard(sha256)
            yield from _image(evidence, sha256)
            on_progress(number + 1, rows + images)
        if wrong := wrong_counts(connection):
            yield Found(Flaw.COUNT, str(wrong))
    yield from (Found(Flaw.EVIDENCE_ORPHAN, sha256) for sha256 in sorted(on_disk))


def _stored() -> tuple[Any, ...]:
    return (EvidenceRow.stored_at.is_not(None),)


def _inspections(connection: Connection) -> Iterator[Row[Any]]:
    streaming = connection.execution_options(yield_per=_READ_AT_ONCE)
    yield from streaming.execute(select(InspectionRow).order_by(InspectionRow.id))


def _edited(row: Row[Any]) -> Iterator[Found]:
    try:
        inspection = Inspection.model_validate_json(row.document)
    except ValidationError:
        yield Found(Flaw.EDITED, str(row.id))
        return
    said = inspection_row(inspection, row.station_id, row.boot_id, row.recorded_at)
    if any(getattr(row, name) != value for name, value in said.items()):
        yield Found(Flaw.EDITED, str(row.id))


def _removed(connection: Connection) -> Iterator[Found]:
    there = exists().where(InspectionRow.id == SequenceRow.inspection_id)
    query = select(SequenceRow.inspection_id)
    gone = connection.execute(query.where(SequenceRow.inspection_id.is_not(None), ~there))
    yield from (Found(Flaw.REMOVED, str(row_id)) for row_id in gone.scalars())


def _image(evidence: EvidenceStore, sha256: str) -> Iterator[Found]:
    content = evidence.read(sha256)
    if content is None:
        yield Found(Flaw.EVIDENCE_MISSING, sha256)
    elif digest(content) != sha256:
        yield Found(Flaw.EVIDENCE_DAMAGED, sha256)
