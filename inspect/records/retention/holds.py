"""Legal hold: an inspection that nobody may remove, with its images, until the hold is lifted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, exists, select

from ..audit.chain import append, lock
from ..audit.entry import Kind, one_line
from ..database import Database
from ..statement import insert
from ..tables import InspectionRow
from .tables import HoldRow


@dataclass(frozen=True, slots=True)
class Hold:
    """Since when an inspection is held, by whom and why."""

    inspection_id: UUID
    at: datetime
    who: str
    reason: str


def set_hold(database: Database, inspection_id: UUID, reason: str, who: str) -> Hold | None:
    """Hold an inspection and return the hold, the earlier one where there is one already.

    None when there is no such inspection.
    """
    with database.write() as connection:
        lock(connection)  # what retention removes at this moment is seen as gone, or stays
        if held := _hold(connection, inspection_id):
            return held
        if not connection.scalar(select(exists().where(InspectionRow.id == inspection_id))):
            return None
        said = one_line(reason)
        entry = append(connection, Kind.HOLD_SET, inspection_id, {"reason": said}, who)
        held = Hold(inspection_id, entry.at, entry.who, said)
        row = {"inspection_id": inspection_id, "at": held.at, "who": held.who, "reason": said}
        connection.execute(insert(connection, HoldRow).values(row))
        return held


def lift_hold(database: Database, inspection_id: UUID, who: str) -> Hold | None:
    """Let go of an inspection, and return the hold that was; None when it was not held."""
    with database.write() as connection:
        lock(connection)
        held = _hold(connection, inspection_id)
        if held is None:
            return None
        connection.execute(delete(HoldRow).where(HoldRow.inspection_id == inspection_id))
        append(connection, Kind.HOLD_LIFTED, inspection_id, who=who)
        return held


def holds(database: Database) -> tuple[Hold, ...]:
    """Return every hold, the oldest first."""
    with database.read() as connection:
        rows = connection.execute(
            select(*HoldRow.__table__.c).order_by(HoldRow.at, HoldRow.inspection_id)
        )
        return tuple(Hold(*row) for row in rows)


def _hold(connection: Connection, inspection_id: UUID) -> Hold | None:
    query = select(*HoldRow.__table__.c).where(HoldRow.inspection_id == inspection_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Hold(*row)
