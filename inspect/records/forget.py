"""Takes a station that never inspected anything off the list: a typing error, or a stranger's."""

from sqlalchemy import Connection, delete, exists, select

from ..core.errors import RecordsError
from ..core.inspection import StationAddress
from ..messaging.topics import Channel, Topic
from .audit.chain import append
from .audit.entry import Kind
from .database import Database
from .retention.tables import CarriedCountRow
from .tables import (
    BootRow,
    CountRow,
    EvidenceReferenceRow,
    InspectionRow,
    QuarantineRow,
    SequenceRow,
    StationRow,
)


def forget_station(database: Database, address: StationAddress, reason: str, who: str) -> None:
    """Remove a station without inspections, and what its boots announced; the log says who and why,
    and how many parts were announced that never came.

    Raises RecordsError when it is unknown, has inspections, messages that wait in the quarantine,
    or counted parts whose rows retention took: these stay in the rates, under its name.
    """
    with database.write() as connection:
        station_id = _locked(connection, address)
        if station_id is None:
            raise RecordsError(
                f"{address}: no station of that name is known; `edgeinspect records stations` "
                "lists them."
            )
        _refuse_unless_empty(connection, station_id, address)
        boots = _boots(connection, station_id)
        for table in (SequenceRow, EvidenceReferenceRow):
            connection.execute(delete(table).where(table.boot_id.in_(boots.keys())))
        connection.execute(delete(BootRow).where(BootRow.station_id == station_id))
        connection.execute(delete(StationRow).where(StationRow.id == station_id))
        announced = sum(boots.values())
        detail = {"boots": len(boots), "announced": announced, "reason": reason}
        append(connection, Kind.STATION_FORGOTTEN, address, detail, who)


def _locked(connection: Connection, address: StationAddress) -> int | None:
    """Return the row id of a station, locked: who records for it meanwhile adds it anew."""
    query = select(StationRow.id).where(
        StationRow.site == address.site,
        StationRow.line == address.line,
        StationRow.station == address.station,
    )
    return connection.scalar(query.with_for_update())


def _boots(connection: Connection, station_id: int) -> dict[int, int]:
    """Return the row ids of a station's boots, and how many parts each announced."""
    query = select(BootRow.id, BootRow.last_sequence).where(BootRow.station_id == station_id)
    return {row.id: row.last_sequence for row in connection.execute(query)}


def _refuse_unless_empty(connection: Connection, station_id: int, address: StationAddress) -> None:
    if _any(connection, InspectionRow, station_id):
        raise RecordsError(
            f"{address}: has inspections, which nobody may lose; the station stays, and retention "
            "takes old records."
        )
    topic = str(Topic(address, Channel.INSPECTION))
    waits = exists().where(QuarantineRow.topic == topic, QuarantineRow.outcome.is_(None))
    if connection.scalar(select(waits)):
        raise RecordsError(
            f"{address}: has messages in the quarantine, which may be inspections; settle them "
            "before, by `edgeinspect records quarantine`."
        )
    if _any(connection, CountRow, station_id) or _any(connection, CarriedCountRow, station_id):
        raise RecordsError(
            f"{address}: has inspected parts that are counted still, though retention took their "
            "records; the station stays with its counts."
        )


def _any(
    connection: Connection,
    table: type[InspectionRow] | type[CountRow] | type[CarriedCountRow],
    station_id: int,
) -> bool:
    return bool(connection.scalar(select(exists().where(table.station_id == station_id))))
