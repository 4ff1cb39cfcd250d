"""What is known of stations and their boots."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Double, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

from ...core.delivery import StationState
from ...core.inspection import StationAddress
from ..database import Database
from ..sequences import given_up_in_boot, holes, missing_in_boot, quarantined_in_boot
from ..tables import BootRow, InspectionRow, StationRow
from .scope import EVERY_STATION, Scope

MAX_BOOTS = 100
MAX_HOLES = 100
MAX_COUNT = 2**53 - 1
"""More is not counted: no station gets there, but a forged sequence does."""


@dataclass(frozen=True, slots=True)
class StationSummary:
    """A station, the state it announced last, and the counts over all its boots.

    `inspected` is the number of parts it handed out as far as known, `holes` how many of these
    are neither recorded nor accounted for; `quarantined` ones are in the quarantine alone, and
    `given_up` ones nowhere: the station's outbox was full. The `lost` ones were recorded once, in a
    database of which an older state was restored.
    """

    address: StationAddress
    state: StationState | None
    last_inspection_at: datetime | None
    inspected: int
    holes: int
    quarantined: int
    given_up: int
    lost: int


@dataclass(frozen=True, slots=True)
class BootSummary:
    """One boot of a station: both watermarks, its counts, and the first missing ranges."""

    boot: UUID
    rows_through: int
    evidence_through: int
    last_sequence: int
    recorded: int
    quarantined: int
    given_up: int
    lost: int
    holes: tuple[tuple[int, int], ...]


def stations(database: Database, scope: Scope = EVERY_STATION) -> tuple[StationSummary, ...]:
    """Return the stations meant by `scope`, ordered by name."""
    newest = select(func.max(InspectionRow.captured_at)).where(
        InspectionRow.station_id == StationRow.id
    )
    of_station = BootRow.station_id == StationRow.id
    inspected = select(_total(BootRow.last_sequence)).where(of_station)
    missing = select(_total(missing_in_boot())).where(of_station)
    quarantined = select(_total(quarantined_in_boot())).where(of_station)
    given_up = select(_total(given_up_in_boot())).where(of_station)
    lost = select(_total(BootRow.lost)).where(of_station)
    query = (
        select(
            StationRow,
            newest.scalar_subquery().label("newest"),
            inspected.scalar_subquery().label("inspected"),
            missing.scalar_subquery().label("missing"),
            quarantined.scalar_subquery().label("quarantined"),
            given_up.scalar_subquery().label("given_up"),
            lost.scalar_subquery().label("lost"),
        )
        .where(scope.holds(StationRow.id))
        .order_by(StationRow.site, StationRow.line, StationRow.station)
    )
    with database.read() as connection:
        return tuple(
            StationSummary(
                address=StationAddress(site=row.site, line=row.line, station=row.station),
                state=row.state and StationState.model_validate_json(row.state),
                last_inspection_at=row.newest,
                inspected=_count(row.inspected),
                holes=_count(row.missing),
                quarantined=_count(row.quarantined),
                given_up=_count(row.given_up),
                lost=_count(row.lost),
            )
            for row in connection.execute(query)
        )


def boots(database: Database, address: StationAddress) -> tuple[BootSummary, ...] | None:
    """Return the newest 100 boots of a station, newest first; None for an unknown station."""
    scope = Scope(address.site, address.line, address.station)
    with database.read() as connection:
        station_id = connection.execute(
            select(StationRow.id).where(scope.holds(StationRow.id))
        ).scalar_one_or_none()
        if station_id is None:
            return None
        more = (quarantined_in_boot().label("quarantined"), given_up_in_boot().label("given_up"))
        query = select(BootRow, *more).where(BootRow.station_id == station_id)
        rows = connection.execute(query.order_by(BootRow.id.desc()).limit(MAX_BOOTS)).all()
        return tuple(
            BootSummary(
                boot=row.boot,
                rows_through=row.rows_through,
                evidence_through=row.evidence_through,
                last_sequence=row.last_sequence,
                recorded=row.recorded,
                quarantined=row.quarantined,
                given_up=row.given_up,
                lost=row.lost,
                holes=holes(connection, row.id, MAX_HOLES),
            )
            for row in rows
        )


def _total(number: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[float]:
    """Return the expression for a sum that cannot overflow; it is exact up to MAX_COUNT."""
    return func.coalesce(func.sum(cast(number, Double)), 0.0)


def _count(total: float) -> int:
    return min(int(total), MAX_COUNT)
