"""The tables of retention: what must stay, and what the removed rows have counted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from ..tables import Table


class HoldRow(Table):
    """An inspection that no policy may remove, nor its images, until the hold is lifted."""

    __tablename__ = "holds"
    __table_args__ = ({"sqlite_with_rowid": False},)

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    reason: Mapped[str]


class CarriedCountRow(Table):
    """What removed rows contributed to the counts of a minute; columns as in `counts`."""

    __tablename__ = "carried_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    start_s: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    station_id: Mapped[int] = mapped_column(Integer, ForeignKey("stations.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(primary_key=True)
    recipe: Mapped[str] = mapped_column(primary_key=True)
    parts: Mapped[int]
    first: Mapped[int]


class CarriedClassCountRow(Table):
    """What removed rows contributed to the class counts of a minute."""

    __tablename__ = "carried_class_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    start_s: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    station_id: Mapped[int] = mapped_column(Integer, ForeignKey("stations.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(primary_key=True)
    recipe: Mapped[str] = mapped_column(primary_key=True)
    class_name: Mapped[str] = mapped_column(primary_key=True)
    parts: Mapped[int]
