"""Adds entries to the audit log, one at a time whoever adds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from ...core.clock import utc_now
from ..statement import insert
from .entry import BEFORE_THE_FIRST, Entry, Kind, canonical, one_line
from .tables import AuditHeadRow, AuditRow

SERVER = "server"
"""Who does what nobody asked for."""


@dataclass(frozen=True, slots=True)
class End:
    """Number and hash of the newest entry; 0 and zeros while there is none."""

    number: int
    sha256: str


def append(
    connection: Connection,
    what: Kind,
    about: object,
    detail: Mapping[str, Any] | None = None,
    who: str = SERVER,
) -> Entry:
    """Add an entry in the connection's transaction, and return it.

    To be called last in a transaction: until it commits, nobody else can add one. So no two
    entries name the same one before them, however many processes write.
    """
    end = lock(connection)
    entry = Entry(
        number=end.number + 1,
        at=utc_now(),
        who=one_line(who),
        what=what.value,
        about=one_line(str(about)),
        detail=canonical(detail or {}),
        previous=end.sha256,
    )
    row = {name: getattr(entry, name) for name in AuditRow.__table__.columns.keys()}  # noqa: SIM118
    connection.execute(insert(connection, AuditRow).values(row))
    moved = update(AuditHeadRow).values(number=entry.number, sha256=entry.sha256)
    connection.execute(moved)
    return entry


def lock(connection: Connection) -> End:
    """Return where the log ends, and let no other transaction add to it until this one ends."""
    start = {"id": 1, "number": 0, "sha256": BEFORE_THE_FIRST}
    connection.execute(insert(connection, AuditHeadRow).values(start).on_conflict_do_nothing())
    head = connection.execute(select(AuditHeadRow).with_for_update()).one()
    return End(head.number, head.sha256)
