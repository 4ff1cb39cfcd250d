"""The audit log, the pages that bind every record into it, and what retention needs.

What is recorded already is written on pages here. The forms are written out once more, because a
migration must not change with the program.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)
ROWS_A_PAGE = 1000
_INSPECTIONS = sa.table(
    "inspections",
    sa.column("id", sa.Uuid),
    sa.column("recorded_at", MOMENT),
    sa.column("document", sa.Text),
)


def upgrade() -> None:
    """Create the tables, and write every record on a page."""
    _retention()
    tables = (_audit(), _audit_head(), _pages(), _page_lines())
    number, end = 0, "0" * 64
    for page, rows in enumerate(_pages_of_records(), 1):
        number, end = _bind(tables, page, rows, number, end)
    if number:
        op.bulk_insert(tables[1], [{"id": 1, "number": number, "sha256": end}])
    if number and op.get_bind().dialect.name == "postgresql":
        op.execute(f"SELECT setval(pg_get_serial_sequence('pages', 'id'), {number})")


def _retention() -> None:
    op.create_table(
        "holds",
        sa.Column("inspection_id", sa.Uuid, sa.ForeignKey("inspections.id"), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    _carried("carried_counts", [], [sa.Column("first", sa.BigInteger, nullable=False)])
    _carried("carried_class_counts", [sa.Column("class_name", sa.Text, primary_key=True)], [])
    through = sa.Column("removed_through", sa.BigInteger, nullable=False, server_default="0")
    op.add_column("boots", through)
    for name in ("size_bytes", "removed_by"):
        op.add_column("evidence", sa.Column(name, sa.BigInteger))
    op.create_index("ix_evidence_stored", "evidence", ["stored_at"])
    op.create_index("ix_evidence_references_image", "evidence_references", ["sha256"])


def _carried(name: str, more_of_key: list[sa.Column[str]], more: list[sa.Column[int]]) -> None:
    station = sa.ForeignKey("stations.id")
    op.create_table(
        name,
        sa.Column("start_s", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("station_id", sa.Integer, station, primary_key=True, autoincrement=False),
        sa.Column("verdict", sa.Text, primary_key=True),
        sa.Column("recipe", sa.Text, primary_key=True),
        *more_of_key,
        sa.Column("parts", sa.BigInteger, nullable=False),
        *more,
        sqlite_with_rowid=False,
    )


def _audit() -> sa.Table:
    text = ("who", "what", "about", "detail", "previous", "sha256")
    table = op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in text),
    )
    for name in ("what", "about"):
        op.create_index(f"ix_audit_{name}", "audit", [name, "number"])
    return table


def _audit_head() -> sa.Table:
    return op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_audit_head_one_row"),
    )


def _pages() -> sa.Table:
    table = op.create_table(
        "pages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("closed_at", MOMENT),
    )
    op.create_index("ix_pages_closed", "pages", ["closed_at", "id"])
    return table


def _page_lines() -> sa.Table:
    page = sa.ForeignKey("pages.id")
    return op.create_table(
        "page_lines",
        sa.Column("page_id", sa.Integer, page, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("inspection_id", sa.Uuid, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _pages_of_records() -> Iterator[Sequence[Any]]:
    query = sa.select(_INSPECTIONS).order_by(_INSPECTIONS.c.id).limit(ROWS_A_PAGE)
    rows = op.get_bind().execute(query).all()
    while rows:
        yield rows
        rows = op.get_bind().execute(query.where(_INSPECTIONS.c.id > rows[-1].id)).all()


def _bind(
    tables: tuple[sa.Table, ...], page: int, rows: Sequence[Any], number: int, end: str
) -> tuple[int, str]:
    """Write one page, add its entry behind `number` and `end`, and return the new ones."""
    audit, _, pages, page_lines = tables
    digests = [
        _digest("edgeinspect.record/1", _stamp(row.recorded_at), row.document) for row in rows
    ]
    sha256 = "0" * 64
    for row, each in zip(rows, digests, strict=True):
        sha256 = hashlib.sha256(f"{sha256}{row.id.hex}{each}".encode()).hexdigest()
    now = datetime.now(UTC)
    op.bulk_insert(pages, [{"id": page, "rows": len(rows), "sha256": sha256, "closed_at": now}])
    lines = zip(range(1, len(rows) + 1), (row.id for row in rows), digests, strict=True)
    op.bulk_insert(
        page_lines,
        [
            {"page_id": page, "position": position, "inspection_id": row_id, "sha256": each}
            for position, row_id, each in lines
        ],
    )
    entry = {
        "number": number + 1,
        "at": now,
        "who": "server",
        "what": "page_closed",
        "about": f"page {page}",
        "detail": json.dumps({"rows": len(rows), "sha256": sha256}, separators=(",", ":")),
        "previous": end,
    }
    said = [value for name, value in entry.items() if name != "at"]
    entry["sha256"] = _digest("edgeinspect.audit/1", said[0], _stamp(now), *said[1:], "end")
    op.bulk_insert(audit, [entry])
    return number + 1, str(entry["sha256"])


def _digest(*fields: object) -> str:
    return hashlib.sha256("".join(f"{field}\n" for field in fields).encode()).hexdigest()


def _stamp(moment: datetime) -> str:
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return f"{aware:%Y-%m-%dT%H:%M:%S.%f}Z"
