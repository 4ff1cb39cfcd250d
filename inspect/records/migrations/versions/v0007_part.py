"""The index of part ids holds those alone that are no serial, which has an index of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_OTHER = sa.text("serial IS NULL OR part_id <> serial")


def upgrade() -> None:
    """Of a line whose parts have serials it is empty: less to write, and to read of a trace."""
    op.drop_index("ix_inspections_part", "inspections")
    op.create_index(
        "ix_inspections_part",
        "inspections",
        ["part_id", "captured_at", "id"],
        sqlite_where=_OTHER,
        postgresql_where=_OTHER,
    )
