"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create every table."""
    _what_the_database_is()
    _who_reports()
    _what_was_inspected()
    _what_was_kept()


def _what_the_database_is() -> None:
    op.create_table(
        "meta",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("epoch", sa.Uuid, nullable=False),
        sa.Column("session", sa.BigInteger, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_meta_one_row"),
    )


def _who_reports() -> None:
    op.create_table(
        "stations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("station", sa.Text, nullable=False),
        sa.Column("state", sa.Text),
        sa.UniqueConstraint("site", "line", "station", name="uq_stations_address"),
    )
    op.create_table(
        "boots",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("station_id", sa.Integer, sa.ForeignKey("stations.id"), nullable=False),
        sa.Column("boot", sa.Uuid, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
        sa.Column("rows_through", sa.BigInteger, nullable=False),
        sa.Column("evidence_through", sa.BigInteger, nullable=False),
        sa.Column("recorded", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("station_id", "boot", name="uq_boots_station_boot"),
    )
    op.create_table(
        "sequences",
        sa.Column("boot_id", sa.Integer, sa.ForeignKey("boots.id"), primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("inspection_id", sa.Uuid),
        sqlite_with_rowid=False,
    )


def _what_was_inspected() -> None:
    op.create_table(
        "inspections",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("station_id", sa.Integer, sa.ForeignKey("stations.id"), nullable=False),
        sa.Column("boot_id", sa.Integer, sa.ForeignKey("boots.id"), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("captured_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("part_id", sa.Text, nullable=False),
        sa.Column("serial", sa.Text),
        sa.Column("lot", sa.Text),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("score", sa.Double),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("ix_inspections_captured", "inspections", ["captured_at", "id"])
    for name, column in (
        ("station", "station_id"),
        ("verdict", "verdict"),
        ("part", "part_id"),
        ("serial", "serial"),
        ("lot", "lot"),
    ):
        op.create_index(f"ix_inspections_{name}", "inspections", [column, "captured_at", "id"])
    op.create_table(
        "findings",
        sa.Column("inspection_id", sa.Uuid, sa.ForeignKey("inspections.id"), primary_key=True),
        sa.Column("class_name", sa.Text, primary_key=True),
        sa.Column("captured_at", MOMENT, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_findings_class", "findings", ["class_name", "captured_at", "inspection_id"])


def _what_was_kept() -> None:
    op.create_table(
        "evidence_references",
        sa.Column("boot_id", sa.Integer, sa.ForeignKey("boots.id"), primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "evidence",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("stored_at", MOMENT),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("topic", "sha256", name="uq_quarantine_message"),
    )
