"""Holds the images on disk against the records."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, exists, func, select

from ..audit.tables import AuditRow
from ..database import Database
from ..evidence_store import DamagedEvidenceError, EvidenceStore
from ..tables import EvidenceRow
from .flaws import Flaw, Found


def stored_images(connection: Connection) -> int:
    """Return how many images were stored."""
    return connection.scalar(select(func.count()).where(*_stored())) or 0


def is_stored(database: Database, sha256: str) -> bool:
    """Say whether an image should be there at this moment."""
    with database.read() as connection:
        there = exists().where(EvidenceRow.sha256 == sha256, *_stored())
        return bool(connection.scalar(select(there)))


def image_flaws(
    connection: Connection, evidence: EvidenceStore, on_disk: set[str]
) -> Iterator[list[Found]]:
    """Give for every stored image what is wrong with it, and take it off `on_disk`."""
    for sha256 in connection.execute(select(EvidenceRow.sha256).where(*_stored())).scalars():
        on_disk.discard(sha256)
        yield list(_image(evidence, sha256))


def unaccounted_images(connection: Connection) -> Iterator[Found]:
    """Give every image that is marked as removed by an entry that does not name it."""
    query = select(EvidenceRow.sha256, EvidenceRow.removed_by, AuditRow.detail)
    query = query.outerjoin(AuditRow, AuditRow.number == EvidenceRow.removed_by)
    query = query.where(EvidenceRow.removed_by.is_not(None)).order_by(EvidenceRow.removed_by)
    of_entry, named = None, set[str]()
    for sha256, number, detail in connection.execute(query):
        if number != of_entry:
            of_entry, named = number, _named(detail)
        if sha256 not in named:
            yield Found(Flaw.EVIDENCE_MISSING, sha256)


def _named(detail: str | None) -> set[str]:
    try:
        return set(json.loads(detail or "{}")["images"])
    except (KeyError, TypeError, ValueError):
        return set()


def _stored() -> tuple[Any, ...]:
    return (EvidenceRow.stored_at.is_not(None), EvidenceRow.removed_by.is_(None))


def _image(evidence: EvidenceStore, sha256: str) -> Iterator[Found]:
    try:
        if evidence.read(sha256) is None:
            yield Found(Flaw.EVIDENCE_MISSING, sha256)
    except DamagedEvidenceError:
        yield Found(Flaw.EVIDENCE_DAMAGED, sha256)
