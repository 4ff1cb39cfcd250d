"""What the server knows of each boot: what it announced, how far it got, how far it is safe."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Connection,
    Update,
    bindparam,
    case,
    false,
    or_,
    select,
    true,
    update,
)

from ..core.clock import utc_now
from ..core.delivery import BootWatermark, Recorded, StationMode, StationState
from ..core.inspection import StationAddress
from .batch import Announcement, Batch, Refused, images_of
from .given_up import give_up
from .places import Places
from .sequences import SeatKey
from .statement import insert
from .tables import BootRow, EvidenceRow, MetaRow, StationRow


def announce(connection: Connection, places: Places, announcement: Announcement) -> None:
    """Keep a station's state; the boots it names are open, and reach as far as it says.

    A last will says nothing of boots: the station could not know how far it would get.
    """
    station_id, state = places.stations[announcement.address], announcement.state
    if state.mode is StationMode.OFFLINE:
        _note_offline(connection, station_id, state)
        return
    _keep_state(connection, station_id, state)
    closed = update(BootRow).where(BootRow.station_id == station_id, BootRow.open)
    connection.execute(closed.values(open=false()))
    for tail in state.open_boots:
        boot_id = places.boot_id(announcement.address, tail.boot)
        reach(connection, boot_id, tail.last_sequence)
        if tail.dropped is not None:
            give_up(connection, boot_id, tail.dropped)


def _note_offline(connection: Connection, station_id: int, will: StationState) -> None:
    """Keep a last will with the time it came; the station wrote it before it knew when."""
    query = select(StationRow.state).where(StationRow.id == station_id)
    document = connection.execute(query).scalar_one()
    known = None if document is None else StationState.model_validate_json(document)
    if known is None or known.mode is not StationMode.OFFLINE:
        _keep_state(connection, station_id, will.model_copy(update={"since": utc_now()}))


def _keep_state(connection: Connection, station_id: int, state: StationState) -> None:
    document = state.model_dump_json()
    connection.execute(update(StationRow).where(StationRow.id == station_id).values(state=document))


def note_seats(connection: Connection, seats: Sequence[SeatKey], new: Sequence[SeatKey]) -> None:
    """Let every boot reach as far as `seats` show, and count the rows that are new."""
    highest: dict[int, int] = {}
    for boot_id, sequence in seats:
        highest[boot_id] = max(highest.get(boot_id, 0), sequence)
    counts = Counter(boot_id for boot_id, _ in new)
    if highest:
        reached = [
            {"boot_id": boot_id, "reached": sequence, "more": counts[boot_id]}
            for boot_id, sequence in highest.items()
        ]
        connection.execute(_reach(), reached)


def reach(connection: Connection, boot_id: int, sequence: int) -> None:
    """Open a boot, and note that it reached `sequence`."""
    connection.execute(_reach(), {"boot_id": boot_id, "reached": sequence, "more": 0})


@cache
def _reach() -> Update:
    """Open a boot, note that it reached a sequence, and add to its recorded rows."""
    reached: BindParameter[int] = bindparam("reached", type_=BigInteger)
    further = case((BootRow.last_sequence < reached, reached), else_=BootRow.last_sequence)
    more = BootRow.recorded + bindparam("more", type_=BigInteger)
    statement = update(BootRow).where(BootRow.id == bindparam("boot_id"))
    return statement.values(open=true(), last_sequence=further, recorded=more)


def note_evidence(
    connection: Connection, batch: Batch, kept: Sequence[Refused], now: datetime
) -> None:
    """Note which images are stored, and which of the refused and `kept` ones never will be."""
    stored = {key.sha256: key.size_bytes for key in batch.stored}
    refused = {key.sha256 for key in images_of(kept)} - stored.keys()
    adding = insert(connection, EvidenceRow)
    if stored:
        rows: list[dict[str, Any]] = [
            {"sha256": sha256, "stored_at": now, "size_bytes": size, "removed_by": None}
            for sha256, size in stored.items()
        ]
        late = adding.on_conflict_do_update(
            index_elements=[EvidenceRow.sha256],
            set_={
                name: adding.excluded[name] for name in ("stored_at", "size_bytes", "removed_by")
            },
            where=or_(EvidenceRow.stored_at.is_(None), EvidenceRow.removed_by.is_not(None)),
        )
        connection.execute(late, rows)
    if refused:
        rows = [{"sha256": sha256, "stored_at": None} for sha256 in refused]
        connection.execute(adding.on_conflict_do_nothing(), rows)


def stations_with_open_boots(connection: Connection) -> list[StationAddress]:
    """Return every station that may still hold something."""
    place = (StationRow.site, StationRow.line, StationRow.station)
    rows = connection.execute(select(*place).join(BootRow).where(BootRow.open).distinct())
    return [StationAddress(site=site, line=line, station=name) for site, line, name in rows]


def watermarks(
    connection: Connection, stations: Mapping[StationAddress, int]
) -> dict[StationAddress, Recorded]:
    """Return what every station may forget, over all its open boots."""
    query = (
        select(BootRow)
        .where(BootRow.station_id.in_(list(stations.values())), BootRow.open)
        .order_by(BootRow.id)
    )
    meta = connection.execute(select(MetaRow.epoch, MetaRow.session)).one()
    boots: dict[int, list[BootWatermark]] = {}
    for row in connection.execute(query):
        mark = BootWatermark(
            boot=row.boot, rows_through=row.rows_through, evidence_through=row.evidence_through
        )
        boots.setdefault(row.station_id, []).append(mark)
    return {
        address: Recorded(
            epoch=meta.epoch, session=meta.session, boots=tuple(boots.get(station_id, ()))
        )
        for address, station_id in stations.items()
    }
