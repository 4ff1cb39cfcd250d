"""Which inspection of a part was its first at a station."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, select, tuple_
from sqlalchemy.orm import aliased

from ..tables import InspectionRow


def is_first() -> ColumnElement[bool]:
    """Return the condition that no earlier inspection saw the part at this station.

    A part without a serial cannot be recognised, and counts as seen for the first time.
    """
    row, earlier = InspectionRow, aliased(InspectionRow)
    before = tuple_(earlier.captured_at, earlier.id) < tuple_(row.captured_at, row.id)
    return or_(row.serial.is_(None), ~exists().where(_same_part(earlier), before))


def first_of_part(*conditions: Any, of: Any) -> ColumnElement[Any]:
    """Return the id of the first inspection of a row's part, among the rows `of` that qualify."""
    return (
        select(of.id)
        .where(_same_part(of), *conditions)
        .order_by(of.captured_at, of.id)
        .limit(1)
        .correlate(InspectionRow)
        .scalar_subquery()
    )


def _same_part(other: Any) -> ColumnElement[bool]:
    # The sum keeps databases from looking through all that the station ever saw: a serial has few
    # rows, and their order is that of the index on it.
    row = InspectionRow
    return and_(
        other.serial == row.serial,
        other.station_id + literal_column("0") == row.station_id,
        other.purpose == row.purpose,
    )
