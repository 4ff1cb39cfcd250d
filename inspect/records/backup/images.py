"""Which images a database says are in the evidence store."""

from collections.abc import Generator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select
from sqlalchemy import Table as SqlTable

from ..tables import EvidenceRow, Table

EVIDENCE: SqlTable = Table.metadata.tables[EvidenceRow.__tablename__]
_REMOVED_BY = "removed_by"
READ_AT_ONCE = 1000


def kept_images(connection: Connection) -> Generator[str, None, None]:
    """Give the digest of every image that was stored, and not removed since."""
    query = _kept_rows().execution_options(yield_per=READ_AT_ONCE)
    with connection.execute(query) as digests:
        yield from digests.scalars()


def is_kept(row: Row[Any]) -> bool:
    """Say whether the image of a row of `evidence` was stored, and not removed since."""
    return row.stored_at is not None and row._mapping.get(_REMOVED_BY) is None


def _kept_rows() -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [EVIDENCE.c.stored_at.is_not(None)]
    if _REMOVED_BY in EVIDENCE.c:
        conditions.append(EVIDENCE.c[_REMOVED_BY].is_(None))
    return select(EVIDENCE.c.sha256).where(*conditions)
