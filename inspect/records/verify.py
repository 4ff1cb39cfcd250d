"""Holds the records against the audit log, against each other and against the images on disk."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ..core.audit import AuditHead
from .audit.tables import AuditRow
from .checks.chain import ChainWalk, Told
from .checks.flaws import Flaw, Found, OnProgress
from .checks.images import image_flaws, is_stored, stored_images, unaccounted_images
from .checks.pages import PageCheck
from .database import Database
from .evidence_store import EvidenceStore
from .retention.carry import carried
from .retention.tables import HoldRow
from .rollups.rebuild import wrong_counts
from .tables import InspectionRow


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to look through: records, images that are kept, entries of the log."""

    inspections: int
    images: int
    entries: int


def size_of(database: Database) -> Size:
    """Return how much the records are at present."""
    with database.read() as connection:
        entries = connection.scalar(select(func.count()).select_from(AuditRow)) or 0
        return Size(_rows(connection), stored_images(connection), entries)


def verify(
    database: Database,
    evidence: EvidenceStore,
    on_progress: OnProgress,
    kept: AuditHead | str | None = None,
) -> Iterator[Found]:
    """Give every flaw of one state of the database; the server may run meanwhile.

    `kept` is a head of the audit log that was kept elsewhere, or its hash: without one, a log cut
    short or rewritten to its end, and all records with it, cannot be told from a true one.
    An orphan may be an image whose message is being recorded at this moment; what retention removes
    meanwhile is not missing.
    """
    on_disk = set(evidence.digests())
    with database.read() as connection:
        yield from flaws_of_records(connection, on_progress, kept)
        for found in _flaws_of_images(connection, evidence, on_disk, on_progress):
            if found.flaw is not Flaw.EVIDENCE_MISSING or is_stored(database, found.what):
                yield found
        yield from unaccounted_images(connection)
    for sha256 in sorted(filter(evidence.exists, on_disk)):
        yield Found(Flaw.EVIDENCE_ORPHAN, sha256)


def flaws_of_records(
    connection: Connection, on_progress: OnProgress, kept: AuditHead | str | None = None
) -> Iterator[Found]:
    """Give every flaw of the rows, as one transaction sees them."""
    total, done = _rows(connection) + stored_images(connection), 0

    def on_rows(rows: int) -> None:
        nonlocal done
        done += rows
        on_progress(done, total)

    walk = ChainWalk(connection, kept)
    yield from walk.flaws()
    yield from PageCheck(connection, walk.told, on_rows).flaws()
    yield from _flaws_of_retention(connection, walk.told)
    if wrong := wrong_counts(connection):
        yield Found(Flaw.COUNT, str(wrong))


def _flaws_of_retention(connection: Connection, told: Told) -> Iterator[Found]:
    rows = connection.execute(select(*HoldRow.__table__.c))
    held = {inspection_id: (at, who, reason) for inspection_id, at, who, reason in rows}
    odd = {inspection_id for inspection_id, _ in held.items() ^ told.held.items()}
    yield from (Found(Flaw.HOLD, str(inspection_id)) for inspection_id in sorted(odd))
    if carried(connection) != told.carried:
        yield Found(Flaw.COUNT, "of removed inspections")


def _flaws_of_images(
    connection: Connection, evidence: EvidenceStore, on_disk: set[str], on_progress: OnProgress
) -> Iterator[Found]:
    rows, images = _rows(connection), stored_images(connection)
    for number, found in enumerate(image_flaws(connection, evidence, on_disk), rows + 1):
        yield from found
        on_progress(number, rows + images)


def _rows(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(InspectionRow)) or 0
