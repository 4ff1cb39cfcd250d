"""What stations gave up, and what became of messages that were set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns, and count what the quarantine holds."""
    for name in ("passes_gone_through", "evidence_gone_through"):
        _add("boots", name)
    for name in ("quarantine_bytes", "quarantine_unkept"):
        _add("meta", name)
    _add("quarantine", "kept_bytes")
    _add("quarantine", "tries")
    op.add_column("quarantine", sa.Column("outcome", sa.Text))
    op.add_column("quarantine", sa.Column("settled_at", sa.DateTime(timezone=True)))
    op.add_column("quarantine", sa.Column("settled_by", sa.Text))
    op.add_column("quarantine", sa.Column("note", sa.Text))
    op.execute("UPDATE quarantine SET kept_bytes = length(payload)")
    op.execute(
        "UPDATE meta SET quarantine_bytes ="
        " (SELECT coalesce(sum(kept_bytes + 500), 0) FROM quarantine)"
    )
    op.create_index("ix_quarantine_outcome", "quarantine", ["outcome", "id"])
    op.create_index(
        "ix_sequences_quarantined",
        "sequences",
        ["boot_id"],
        sqlite_where=sa.text("inspection_id IS NULL"),
        postgresql_where=sa.text("inspection_id IS NULL"),
    )


def _add(table: str, name: str) -> None:
    op.add_column(table, sa.Column(name, sa.BigInteger, nullable=False, server_default="0"))
