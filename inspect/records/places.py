"""The stations and boots a batch speaks of, found or made."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, select, tuple_

from ..core.inspection import Inspection, StationAddress, address_of
from .batch import Batch, Seat
from .sequences import SeatKey
from .statement import insert
from .tables import BootRow, StationRow

BootKey = tuple[int, UUID]
"""A station's row id, and its boot."""


class Seated(NamedTuple):
    """An inspection and its seat."""

    seat: SeatKey
    item: Inspection


@dataclass(frozen=True, slots=True)
class Places:
    """The row ids of a batch's stations and boots."""

    stations: dict[StationAddress, int]
    boots: dict[tuple[int, int], int]
    """By the station's row id and the boot's number, which is hashed faster than the UUID."""

    def boot_id(self, address: StationAddress, boot: UUID) -> int:
        """Return the row id of a boot."""
        return self.boots[self.stations[address], boot.int]

    def seat(self, message: Inspection | Seat) -> SeatKey:
        """Return the boot's row id and the sequence of a message."""
        return self.boot_id(message.address, message.boot), message.sequence

    def seated(self, inspections: Iterable[Inspection]) -> list[Seated]:
        """Return each inspection with its seat."""
        return [Seated(self.seat(item), item) for item in inspections]


def hold(connection: Connection, batch: Batch) -> Places:
    """Find or add every station and boot of `batch`, and lock the stations until the commit.

    So of two workers that record one station, the second sees what the first has recorded before
    it computes a watermark.
    """
    stations = hold_stations(connection, batch.addresses())
    keys = {(stations[message.address], message.boot) for message in batch.seated()}
    for announcement in batch.announcements:
        station_id = stations[announcement.address]
        keys |= {(station_id, tail.boot) for tail in announcement.state.open_boots}
    boots = _find_or_add_boots(connection, keys)
    return Places(stations, {(key[0], key[1].int): boot_id for key, boot_id in boots.items()})


def hold_stations(
    connection: Connection, addresses: Collection[StationAddress]
) -> dict[StationAddress, int]:
    """Return the row id of every station, locked, adding those not seen before."""
    found = _stations(connection, addresses)
    missing = sorted(set(addresses) - set(found), key=str)
    if not missing:
        return found
    rows = [address.model_dump() for address in missing]
    connection.execute(insert(connection, StationRow).on_conflict_do_nothing(), rows)
    return found | _stations(connection, missing)


def _find_or_add_boots(connection: Connection, keys: Collection[BootKey]) -> dict[BootKey, int]:
    found = _boots(connection, keys)
    missing = sorted(set(keys) - set(found))
    if not missing:
        return found
    start = dict.fromkeys(("last_sequence", "rows_through", "evidence_through", "recorded"), 0)
    rows = [{"station_id": key[0], "boot": key[1], "open": True, **start} for key in missing]
    connection.execute(insert(connection, BootRow), rows)
    return found | _boots(connection, missing)


def _stations(
    connection: Connection, addresses: Collection[StationAddress]
) -> dict[StationAddress, int]:
    wanted = [(address.site, address.line, address.station) for address in addresses]
    rows = connection.execute(_stations_at(), {"wanted": wanted})
    return {address_of(row.site, row.line, row.station): row.id for row in rows}


def _boots(connection: Connection, keys: Collection[BootKey]) -> dict[BootKey, int]:
    rows = connection.execute(_boots_of(), {"wanted": list(keys)})
    return {(row.station_id, row.boot): row.id for row in rows}


# Statements of every batch are built once: that takes longer than the database takes for them.


@cache
def _stations_at() -> Select[Any]:
    place = tuple_(StationRow.site, StationRow.line, StationRow.station)
    wanted = place.in_(bindparam("wanted", expanding=True))
    return select(StationRow).where(wanted).order_by(StationRow.id).with_for_update()


@cache
def _boots_of() -> Select[int, UUID, int]:
    wanted = tuple_(BootRow.station_id, BootRow.boot).in_(bindparam("wanted", expanding=True))
    return select(BootRow.station_id, BootRow.boot, BootRow.id).where(wanted)
