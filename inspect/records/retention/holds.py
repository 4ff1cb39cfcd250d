"""Legal hold: an inspection that nobody may remove, with its images, until the hold is lifted."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, exists, or_, select

from ..audit.chain import append, lock
from ..audit.entry import Kind, one_line
from ..database import Database
from ..part_name import known_by
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


@dataclass(frozen=True, slots=True)
class PartHeld:
    """The holds of what was asked for: those just set, and those that were there and stay."""

    new: tuple[Hold, ...]
    earlier: tuple[Hold, ...]


def hold_part(database: Database, part: str, reason: str, who: str) -> PartHeld:
    """Hold the inspection with the id `part`, or each of the part with that serial or part id.

    All of them or none; earlier holds stay as they are. Both are empty when nothing is recorded
    under that name.
    """
    with database.write() as connection:
        lock(connection)  # what retention removes at this moment is seen as gone, or stays
        earlier, new = [], []
        for inspection_id in _ids_of(connection, part):
            if held := _hold(connection, inspection_id):
                earlier.append(held)
            else:
                new.append(_set(connection, inspection_id, reason, who))
        return PartHeld(tuple(new), tuple(earlier))


def release_part(database: Database, part: str, who: str) -> tuple[Hold, ...]:
    """Let go of the inspection with the id `part`, or of each of the part with that serial or id.

    Return the holds that were.
    """
    with database.write() as connection:
        lock(connection)
        found = [_hold(connection, inspection_id) for inspection_id in _ids_of(connection, part)]
        lifted = tuple(held for held in found if held is not None)
        for held in lifted:
            _lift(connection, held.inspection_id, who)
        return lifted


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
        return _set(connection, inspection_id, reason, who)


def lift_hold(database: Database, inspection_id: UUID, who: str) -> Hold | None:
    """Let go of an inspection, and return the hold that was; None when it was not held."""
    with database.write() as connection:
        lock(connection)
        held = _hold(connection, inspection_id)
        if held is None:
            return None
        _lift(connection, inspection_id, who)
        return held


def holds(database: Database) -> tuple[Hold, ...]:
    """Return every hold, the oldest first."""
    with database.read() as connection:
        rows = connection.execute(
            select(*HoldRow.__table__.c).order_by(HoldRow.at, HoldRow.inspection_id)
        )
        return tuple(Hold(*row) for row in rows)


def _ids_of(connection: Connection, part: str) -> Sequence[UUID]:
    """Return the ids of what is recorded under an id, a serial or a part id, the oldest first."""
    row = InspectionRow
    names = [known_by(part)]
    with suppress(ValueError):
        names.append(row.id == UUID(part))
    query = select(row.id).where(or_(*names)).order_by(row.captured_at, row.id)
    return connection.scalars(query).all()


def _set(connection: Connection, inspection_id: UUID, reason: str, who: str) -> Hold:
    said = one_line(reason)
    entry = append(connection, Kind.HOLD_SET, inspection_id, {"reason": said}, who)
    held = Hold(inspection_id, entry.at, entry.who, said)
    row = {"inspection_id": inspection_id, "at": held.at, "who": held.who, "reason": said}
    connection.execute(insert(connection, HoldRow).values(row))
    return held


def _lift(connection: Connection, inspection_id: UUID, who: str) -> None:
    connection.execute(delete(HoldRow).where(HoldRow.inspection_id == inspection_id))
    append(connection, Kind.HOLD_LIFTED, inspection_id, who=who)


def _hold(connection: Connection, inspection_id: UUID) -> Hold | None:
    query = select(*HoldRow.__table__.c).where(HoldRow.inspection_id == inspection_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Hold(*row)
