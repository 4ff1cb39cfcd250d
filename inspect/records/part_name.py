"""What a part is known by in the records: its serial, else an id that its station made."""

from sqlalchemy import ColumnElement, and_, or_

from .tables import InspectionRow


def known_by(name: str) -> ColumnElement[bool]:
    """Return the condition that an inspection is of the part with this serial or part id.

    A part id that is the serial is found by that: the index of part ids holds the others alone.
    """
    row = InspectionRow
    other_than_serial = or_(row.serial.is_(None), row.part_id != row.serial)
    return or_(row.serial == name, and_(row.part_id == name, other_than_serial))
