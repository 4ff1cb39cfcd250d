"""Binds every record into the audit log: records are written on pages, and full pages sealed.

A page is a list of digests in the order of recording. Its own digest is made anew with every line,
so that the rows of one transaction cost one more statement and a few hashes.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select, update

from ...core.identity import digest
from ..statement import insert, insert_rows
from .chain import append
from .entry import Kind, as_lines, stamp
from .tables import PageLineRow, PageRow

ROWS_A_PAGE = 1000
RECORD_FORM = "edgeinspect.record/1"
EMPTY = "0" * 64
"""The digest of a page on which nothing is written."""


class Line(NamedTuple):
    """An inspection, and the digest of its record."""

    inspection_id: UUID
    sha256: str


def record_digest(recorded_at: datetime, document: str) -> str:
    r"""Return the SHA-256 of `edgeinspect.record/1`, the time of recording and the document.

    Three lines of UTF-8 that each end in \n. All other columns follow from the document.
    """
    return digest(as_lines(RECORD_FORM, stamp(recorded_at), document))


def page_digest(before: str, lines: Iterable[Line]) -> str:
    """Return the digest of a page whose digest was `before`, once `lines` are written on it.

    Each is the SHA-256 of the 64 hex digits before it, the 32 of the inspection's id and the 64 of
    its record.
    """
    for line in lines:
        before = digest(f"{before}{line.inspection_id.hex}{line.sha256}".encode())
    return before


def write_down(
    connection: Connection, lines: Sequence[Line], rows_a_page: int = ROWS_A_PAGE
) -> None:
    """Write lines on the open page, and seal it when it is full. To be called last."""
    while lines:
        page = _open_page(connection)
        fitting, lines = lines[: rows_a_page - page.rows], lines[rows_a_page - page.rows :]
        rows = page.rows + len(fitting)
        _add_lines(connection, page, fitting)
        sha256 = page_digest(page.sha256, fitting)
        changed = update(PageRow).where(PageRow.id == page.id)
        connection.execute(changed.values(rows=rows, sha256=sha256))
        if rows >= rows_a_page:
            _seal(connection, page.id, rows, sha256)


def seal_open_pages(connection: Connection) -> None:
    """Seal every page on which anything is written, so that the log covers all records."""
    still_open = select(PageRow).where(PageRow.closed_at.is_(None), PageRow.rows > 0)
    for page in connection.execute(still_open.order_by(PageRow.id).with_for_update()).all():
        _seal(connection, page.id, page.rows, page.sha256)


def note_replaced(connection: Connection, guesses: Collection[UUID]) -> None:
    """Account for guesses that gave way to what was judged; their lines stay on their pages."""
    for inspection_id in guesses:
        append(connection, Kind.GUESS_REPLACED, inspection_id)


def _open_page(connection: Connection) -> Any:
    """Return an open page that no other transaction writes on, locked."""
    query = select(PageRow).where(PageRow.closed_at.is_(None)).order_by(PageRow.id).limit(1)
    page = connection.execute(query.with_for_update(skip_locked=True)).one_or_none()
    if page is not None:
        return page
    new = insert(connection, PageRow).values(rows=0, sha256=EMPTY, closed_at=None)
    return connection.execute(new.returning(PageRow)).one()


def _add_lines(connection: Connection, page: Any, lines: Sequence[Line]) -> None:
    rows = [
        {
            "page_id": page.id,
            "position": position,
            "inspection_id": line.inspection_id,
            "sha256": line.sha256,
        }
        for position, line in enumerate(lines, page.rows + 1)
    ]
    insert_rows(connection, PageLineRow, rows)


def _seal(connection: Connection, page_id: int, rows: int, sha256: str) -> None:
    entry = append(
        connection, Kind.PAGE_CLOSED, page_name(page_id), {"rows": rows, "sha256": sha256}
    )
    sealed = update(PageRow).where(PageRow.id == page_id)
    connection.execute(sealed.values(closed_at=entry.at))


def page_name(page_id: int) -> str:
    """Return how entries of the log name a page."""
    return f"page {page_id}"
