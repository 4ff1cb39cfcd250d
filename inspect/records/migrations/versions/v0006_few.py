"""An index that SQLite takes by itself for the few sequences that only the quarantine has."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_FEW = sa.text("inspection_id IS NULL")


def upgrade() -> None:
    """Name both columns: with one SQLite looked through all sequences of a boot instead."""
    op.drop_index("ix_sequences_quarantined", "sequences")
    op.create_index(
        "ix_sequences_quarantined",
        "sequences",
        ["boot_id", "inspection_id"],
        sqlite_where=_FEW,
        postgresql_where=_FEW,
    )
