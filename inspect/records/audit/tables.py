"""The tables of the audit log, and of the pages that bind every record into it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from ..tables import Table


class AuditRow(Table):
    """One entry of the audit log; entries are only ever added."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_what", "what", "number"),
        Index("ix_audit_about", "about", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str]
    about: Mapped[str]
    detail: Mapped[str]
    previous: Mapped[str]
    sha256: Mapped[str]


class AuditHeadRow(Table):
    """The one row that says where the audit log ends; who adds an entry locks it first."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="ck_audit_head_one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int]
    sha256: Mapped[str]


class PageRow(Table):
    """A page of records: how many were written on it, and the digest over them.

    It is open while `closed_at` is null; closed, its digest is in the audit log.
    """

    __tablename__ = "pages"
    __table_args__ = (Index("ix_pages_closed", "closed_at", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    rows: Mapped[int]
    sha256: Mapped[str]
    closed_at: Mapped[datetime | None]


class PageLineRow(Table):
    """One inspection on its page, in the order of recording, and the digest of its record."""

    __tablename__ = "page_lines"
    __table_args__ = ({"sqlite_with_rowid": False},)

    page_id: Mapped[int] = mapped_column(Integer, ForeignKey("pages.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    inspection_id: Mapped[UUID]
    sha256: Mapped[str]
