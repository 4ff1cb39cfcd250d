"""The tables: what is kept of every part, and what is known of every boot."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from .moment import UtcDateTime

_OTHER_THAN_SERIAL = text("serial IS NULL OR part_id <> serial")


class Table(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own way to say it
        datetime: UtcDateTime(),
        UUID: Uuid(),
        float: Double(),
        int: BigInteger(),
        str: Text(),
    }


class MetaRow(Table):
    """The one row that tells this database from every other.

    It also counts what the quarantine holds, and how many messages found no room in it.
    """

    __tablename__ = "meta"
    __table_args__ = (CheckConstraint("id = 1", name="ck_meta_one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    epoch: Mapped[UUID]
    session: Mapped[int]
    created_at: Mapped[datetime]
    quarantine_bytes: Mapped[int] = mapped_column(server_default="0")
    quarantine_unkept: Mapped[int] = mapped_column(server_default="0")


class StationRow(Table):
    """A station, and the state it announced last (JSON of `StationState`)."""

    __tablename__ = "stations"
    __table_args__ = (UniqueConstraint("site", "line", "station", name="uq_stations_address"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    site: Mapped[str]
    line: Mapped[str]
    station: Mapped[str]
    state: Mapped[str | None]


class BootRow(Table):
    """One run of a station's process.

    `last_sequence` is the highest sequence seen or announced; the two watermarks say up to where
    everything is accounted for. A boot is `open` while its station may still hold rows of it.
    Up to `removed_through` rows may have been removed by retention.
    Images up to the `gone` sequences (of passed parts, and of all others) were given up by the
    station: those that have not come will not come. Of the sequences up to `lost_through`, `lost`
    are missing because an older state of the database was restored.
    """

    __tablename__ = "boots"
    __table_args__ = (UniqueConstraint("station_id", "boot", name="uq_boots_station_boot"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    station_id: Mapped[int] = mapped_column(Integer, ForeignKey("stations.id"))
    boot: Mapped[UUID]
    open: Mapped[bool]
    last_sequence: Mapped[int]
    rows_through: Mapped[int]
    evidence_through: Mapped[int]
    recorded: Mapped[int]
    removed_through: Mapped[int] = mapped_column(server_default="0")
    passes_gone_through: Mapped[int] = mapped_column(server_default="0")
    evidence_gone_through: Mapped[int] = mapped_column(server_default="0")
    lost: Mapped[int] = mapped_column(server_default="0")
    lost_through: Mapped[int] = mapped_column(server_default="0")


class SequenceRow(Table):
    """A sequence accounted for: by an inspection, or by the quarantine when the id is null."""

    __tablename__ = "sequences"
    __table_args__ = (
        Index(
            "ix_sequences_quarantined",
            "boot_id",
            "inspection_id",  # of which it has no other value than null; SQLite wants it named
            sqlite_where=text("inspection_id IS NULL"),
            postgresql_where=text("inspection_id IS NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    boot_id: Mapped[int] = mapped_column(Integer, ForeignKey("boots.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    inspection_id: Mapped[UUID | None]


class InspectionRow(Table):
    """One inspection: `document` is the whole of it, the other columns are what is asked for.

    `recipe` is the digest of the recipe.
    """

    __tablename__ = "inspections"
    __table_args__ = (
        Index("ix_inspections_captured", "captured_at", "id"),
        Index("ix_inspections_station", "station_id", "captured_at", "id"),
        Index("ix_inspections_verdict", "verdict", "captured_at", "id"),
        Index(
            "ix_inspections_part",
            "part_id",
            "captured_at",
            "id",
            sqlite_where=_OTHER_THAN_SERIAL,
            postgresql_where=_OTHER_THAN_SERIAL,
        ),
        Index("ix_inspections_serial", "serial", "captured_at", "id"),
        Index("ix_inspections_lot", "lot", "captured_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(Integer, ForeignKey("stations.id"))
    boot_id: Mapped[int] = mapped_column(Integer, ForeignKey("boots.id"))
    sequence: Mapped[int]
    captured_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    part_id: Mapped[str]
    serial: Mapped[str | None]
    lot: Mapped[str | None]
    purpose: Mapped[str]
    verdict: Mapped[str]
    score: Mapped[float | None]
    document: Mapped[str]
    recipe: Mapped[str | None]


class FindingRow(Table):
    """A defect class seen in an inspection: how often, and its strongest score.

    The time is the inspection's, so that the newest parts of a class are found without a search.
    """

    __tablename__ = "findings"
    __table_args__ = (
        Index("ix_findings_class", "class_name", "captured_at", "inspection_id"),
        {"sqlite_with_rowid": False},
    )

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    class_name: Mapped[str] = mapped_column(primary_key=True)
    captured_at: Mapped[datetime]
    score: Mapped[float]
    count: Mapped[int] = mapped_column(Integer)


class CountRow(Table):
    """How many production parts a cell of time holds, and how many of these were seen first there.

    A cell begins at `start_s` seconds since 1970 and is `level_s` long; `recipe` is the digest of
    the recipe, empty where there was none.
    """

    __tablename__ = "counts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    level_s: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    start_s: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    station_id: Mapped[int] = mapped_column(Integer, ForeignKey("stations.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(primary_key=True)
    recipe: Mapped[str] = mapped_column(primary_key=True)
    parts: Mapped[int]
    first: Mapped[int]


class ClassCountRow(Table):
    """How many production parts of a cell of time show a defect class; cells as in `counts`."""

    __tablename__ = "class_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    level_s: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    start_s: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    station_id: Mapped[int] = mapped_column(Integer, ForeignKey("stations.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(primary_key=True)
    recipe: Mapped[str] = mapped_column(primary_key=True)
    class_name: Mapped[str] = mapped_column(primary_key=True)
    parts: Mapped[int]


class EvidenceReferenceRow(Table):
    """An image that an inspection says is kept."""

    __tablename__ = "evidence_references"
    __table_args__ = (
        Index("ix_evidence_references_image", "sha256"),
        {"sqlite_with_rowid": False},
    )

    boot_id: Mapped[int] = mapped_column(Integer, ForeignKey("boots.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(primary_key=True)


class EvidenceRow(Table):
    """An image safe on disk in the evidence store, or one that was refused: `stored_at` is null.

    `size_bytes` is null where it was never asked for, `removed_by` the number of the audit entry
    that accounts for the removal of an image.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        Index("ix_evidence_stored", "stored_at"),
        {"sqlite_with_rowid": False},
    )

    sha256: Mapped[str] = mapped_column(primary_key=True)
    stored_at: Mapped[datetime | None]
    size_bytes: Mapped[int | None]
    removed_by: Mapped[int | None]


class QuarantineRow(Table):
    """A message that could not be recorded, with the reason; `size_bytes` is its whole length.

    `kept_bytes` of it are here. `outcome` is null while it waits, then `recorded` or `dismissed`;
    who settled it, when and why stays, the payload does not.
    """

    __tablename__ = "quarantine"
    __table_args__ = (
        UniqueConstraint("topic", "sha256", name="uq_quarantine_message"),
        Index("ix_quarantine_outcome", "outcome", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    received_at: Mapped[datetime]
    topic: Mapped[str]
    reason: Mapped[str]
    sha256: Mapped[str]
    size_bytes: Mapped[int]
    payload: Mapped[bytes]
    kept_bytes: Mapped[int] = mapped_column(server_default="0")
    tries: Mapped[int] = mapped_column(server_default="0")
    outcome: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    note: Mapped[str | None]
