"""Removes rows of a certain age, a page a transaction, and accounts for them in the audit log.

Their images go with them, unless another inspection shows them too; their counts stay.
"""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, delete, select, tuple_, update

from ..audit.chain import append, lock
from ..audit.entry import Entry, Kind
from ..audit.pages import EMPTY, page_digest, page_name, record_digest
from ..audit.tables import AuditRow, PageLineRow, PageRow
from ..database import Database
from ..evidence_store import EvidenceStore
from ..sequences import SeatKey
from ..tables import (
    BootRow,
    EvidenceReferenceRow,
    EvidenceRow,
    FindingRow,
    InspectionRow,
    SequenceRow,
    StationRow,
)
from .carry import carry
from .tables import HoldRow

_log = logging.getLogger(__name__)


def remove_rows(
    database: Database,
    evidence: EvidenceStore,
    before: datetime,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Remove what stands on pages closed before `before`, and return how many rows that were.

    Held inspections stay, and those behind a hole. A page that is not what the audit log says
    stays whole: it is what somebody will want to look at.
    """
    removed, page_id = 0, _next_page(database, before, 0)
    while page_id is not None and not stopping():
        with database.write() as connection:
            removed += _remove_page(connection, evidence, page_id)
        page_id = _next_page(database, before, page_id)
    return removed


def _next_page(database: Database, before: datetime, after: int) -> int | None:
    query = select(PageRow.id).where(PageRow.closed_at < before, PageRow.id > after)
    with database.read() as connection:
        return connection.scalar(query.order_by(PageRow.id).limit(1))


def _remove_page(connection: Connection, evidence: EvidenceStore, page_id: int) -> int:
    _lock_stations(connection, page_id)  # first, as who records does: neither waits for the other
    lock(connection)  # no hold is set meanwhile
    lines = _lines(connection, page_id)
    if not _as_sealed(connection, page_id, lines):
        _log.error(
            "%s is not what the audit log says: its records stay; `edgeinspect records verify` "
            "says more",
            page_name(page_id),
        )
        return 0
    present = [line for line in lines if line.id is not None]
    going = [line for line in present if line.held is None and line.sequence <= line.rows_through]
    if present and not going:
        return 0
    counted = carry(connection, [line.id for line in going])
    images = _delete(connection, going)
    left = len(present) - len(going)
    detail: dict[str, Any] = {"rows": len(going), "left": left, "images": len(images)}
    detail["counts"] = {name: number for name, number in sorted(counted.items()) if number}
    if left:
        detail["positions"] = _spans(line.position for line in going)
    else:
        connection.execute(delete(PageLineRow).where(PageLineRow.page_id == page_id))
        connection.execute(delete(PageRow).where(PageRow.id == page_id))
    append(connection, Kind.ROWS_REMOVED, page_name(page_id), detail)
    evidence.remove(images)  # before the commit: after a kill in between it is done once more
    return len(going)


def _lock_stations(connection: Connection, page_id: int) -> None:
    line, row = PageLineRow, InspectionRow
    on_page = select(row.station_id).join(line, line.inspection_id == row.id)
    mine = StationRow.id.in_(on_page.where(line.page_id == page_id))
    query = select(StationRow.id).where(mine).order_by(StationRow.id)
    connection.execute(query.with_for_update()).all()


def _lines(connection: Connection, page_id: int) -> Sequence[Any]:
    line, row, boot = PageLineRow, InspectionRow, BootRow
    columns = (line.position, line.inspection_id, line.sha256)
    of_row = (row.id, row.boot_id, row.sequence, row.recorded_at, row.document)
    query = select(*columns, *of_row, boot.rows_through, HoldRow.inspection_id.label("held"))
    query = query.outerjoin(row, row.id == line.inspection_id)
    query = query.outerjoin(boot, boot.id == row.boot_id)
    query = query.outerjoin(HoldRow, HoldRow.inspection_id == row.id)
    query = query.where(line.page_id == page_id).order_by(line.position)
    return connection.execute(query).all()


def _as_sealed(connection: Connection, page_id: int, lines: Sequence[Any]) -> bool:
    """Say whether a page and its records are what the audit log says."""
    query = select(*AuditRow.__table__.c).where(
        AuditRow.about == page_name(page_id), AuditRow.what == Kind.PAGE_CLOSED
    )
    row = connection.execute(query.order_by(AuditRow.number.desc()).limit(1)).one_or_none()
    if row is None or Entry(*row[:-1]).sha256 != row.sha256:
        return False
    said = json.loads(row.detail)
    sha256 = page_digest(EMPTY, lines)
    return said == {"rows": len(lines), "sha256": sha256} and all(
        record_digest(line.recorded_at, line.document) == line.sha256
        for line in lines
        if line.id is not None
    )


def _delete(connection: Connection, going: Sequence[Any]) -> list[str]:
    """Delete rows and all that belongs to them; return the images that nothing shows any more."""
    ids, seats = [line.id for line in going], [(line.boot_id, line.sequence) for line in going]
    images = _images_of(connection, seats)
    for table in (EvidenceReferenceRow, SequenceRow):
        seat = tuple_(table.boot_id, table.sequence)
        connection.execute(delete(table).where(seat.in_(seats)))
    connection.execute(delete(FindingRow).where(FindingRow.inspection_id.in_(ids)))
    connection.execute(delete(InspectionRow).where(InspectionRow.id.in_(ids)))
    connection.execute(delete(EvidenceRow).where(EvidenceRow.sha256.in_(images)))
    _note_removed(connection, seats)
    return images


def _images_of(connection: Connection, seats: list[SeatKey]) -> list[str]:
    shown = EvidenceReferenceRow
    seat = tuple_(shown.boot_id, shown.sequence)
    mine = set(connection.scalars(select(shown.sha256).where(seat.in_(seats))))
    others = select(shown.sha256).where(shown.sha256.in_(mine), seat.not_in(seats))
    return sorted(mine - set(connection.scalars(others)))


def _note_removed(connection: Connection, seats: Iterable[SeatKey]) -> None:
    """Note how far rows of each boot were removed, so that one sent again is known."""
    highest: dict[int, int] = {}
    for boot_id, sequence in seats:
        highest[boot_id] = max(sequence, highest.get(boot_id, 0))
    for boot_id, sequence in sorted(highest.items()):
        further = case(
            (BootRow.removed_through < sequence, sequence), else_=BootRow.removed_through
        )
        noted = update(BootRow).where(BootRow.id == boot_id)
        connection.execute(noted.values(removed_through=further))


def _spans(positions: Iterable[int]) -> list[list[int]]:
    """Return increasing numbers as ranges, both ends included."""
    spans: list[list[int]] = []
    for position in positions:
        if spans and spans[-1][1] == position - 1:
            spans[-1][1] = position
        else:
            spans.append([position, position])
    return spans
