"""Removes images by age and by space, and names each in the audit log.

Their inspections stay, and so does the knowledge that an image had arrived.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Exists, Select, case, exists, func, select, update

from ...core.verdict import Verdict
from ..audit.chain import append, lock
from ..audit.entry import Kind
from ..database import Database
from ..evidence_store import EvidenceStore
from ..tables import EvidenceReferenceRow, EvidenceRow, InspectionRow, SequenceRow
from .tables import HoldRow

IN_ONE_LOOK, IN_ONE_ENTRY = 1000, 100
Stopping = Callable[[], bool]


def remove_old_images(
    database: Database, evidence: EvidenceStore, before: datetime, stopping: Stopping
) -> int:
    """Remove what was stored before `before` and is not held; return how many images."""
    query = _removable().where(EvidenceRow.stored_at < before).order_by(EvidenceRow.stored_at)
    removed = 0
    while not stopping() and (found := _look(database, query)):
        removed += _remove(database, evidence, found, "age", stopping)
    return removed


def make_space(
    database: Database, evidence: EvidenceStore, limit_bytes: int, stopping: Stopping
) -> int:
    """Remove images until the others need no more than `limit_bytes`; return how many.

    First go those that only passed parts show, then the others; of each the oldest.
    """
    _ask_for_sizes(database, evidence, stopping)
    query = _removable().order_by(case((_of_others(), 1), else_=0), EvidenceRow.stored_at)
    removed = 0
    while not stopping() and (excess := _bytes_in_use(database) - limit_bytes) > 0:
        going = []
        for image in _look(database, query):
            if excess > 0:
                going.append(image)
                excess -= image.size_bytes or 0
        if not going:  # all that is left is held
            break
        removed += _remove(database, evidence, going, "space", stopping)
    return removed


def _look(database: Database, query: Select[str, int | None]) -> Sequence[Any]:
    with database.read() as connection:
        return connection.execute(query.limit(IN_ONE_LOOK)).all()


def _remove(
    database: Database, evidence: EvidenceStore, images: Sequence[Any], why: str, stopping: Stopping
) -> int:
    removed = 0
    for start in range(0, len(images), IN_ONE_ENTRY):
        if not stopping():
            names = [image.sha256 for image in images[start : start + IN_ONE_ENTRY]]
            with database.write() as connection:
                removed += _remove_some(connection, evidence, names, why)
    return removed


def _remove_some(
    connection: Connection, evidence: EvidenceStore, names: Sequence[str], why: str
) -> int:
    lock(connection)  # no hold is set meanwhile
    still = _removable().where(EvidenceRow.sha256.in_(names)).order_by(EvidenceRow.sha256)
    images = connection.execute(still).all()
    if not images:
        return 0
    going = [image.sha256 for image in images]
    size = sum(image.size_bytes or 0 for image in images)
    detail = {"why": why, "bytes": size, "images": going}
    entry = append(connection, Kind.IMAGES_REMOVED, "images", detail)
    marked = update(EvidenceRow).where(EvidenceRow.sha256.in_(going))
    connection.execute(marked.values(removed_by=entry.number))
    evidence.remove(going)  # before the commit: after a kill in between it is done once more
    return len(going)


def _removable() -> Select[str, int | None]:
    held = _shown_by(HoldRow.inspection_id == SequenceRow.inspection_id)
    query = select(EvidenceRow.sha256, EvidenceRow.size_bytes)
    return query.where(*_kept(), ~held)


def _of_others() -> Exists:
    """Return the condition that an inspection shows the image which did not pass."""
    row = InspectionRow
    return _shown_by(row.id == SequenceRow.inspection_id, row.verdict != Verdict.PASS)


def _shown_by(*conditions: ColumnElement[bool]) -> Exists:
    shown = EvidenceReferenceRow
    return exists().where(
        shown.sha256 == EvidenceRow.sha256,
        SequenceRow.boot_id == shown.boot_id,
        SequenceRow.sequence == shown.sequence,
        *conditions,
    )


def _kept() -> tuple[ColumnElement[bool], ...]:
    return (EvidenceRow.stored_at.is_not(None), EvidenceRow.removed_by.is_(None))


def _bytes_in_use(database: Database) -> int:
    with database.read() as connection:
        return int(connection.scalar(select(func.sum(EvidenceRow.size_bytes)).where(*_kept())) or 0)


def _ask_for_sizes(database: Database, evidence: EvidenceStore, stopping: Stopping) -> None:
    """Note the size of images that were stored before sizes were noted."""
    image = select(EvidenceRow.sha256, EvidenceRow.size_bytes)
    unknown = image.where(*_kept(), EvidenceRow.size_bytes.is_(None))
    while not stopping() and (images := _look(database, unknown)):
        sizes = {image.sha256: evidence.size(image.sha256) for image in images}
        with database.write() as connection:
            for sha256, size in sizes.items():
                noted = update(EvidenceRow).where(EvidenceRow.sha256 == sha256)
                connection.execute(noted.values(size_bytes=size))
