"""Stations and their boots."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from ...core.identity import Name
from ...core.inspection import StationAddress
from ...records.queries import stations
from ..problems import documented
from ..schemas.stations import Boots, BootSummary, HeardHealth, Stations, StationSummary
from ..services import FromServices

router = APIRouter(tags=["stations"])


@router.get("/stations", summary="List the stations")
def list_stations(services: FromServices) -> Stations:
    """Return every station that ever reported, with its last announced state."""
    found = stations.stations(services.database)
    trouble = services.broker_trouble() or services.recording_trouble()
    return Stations(items=tuple(map(StationSummary.of, found)), trouble=trouble)


@router.get(
    "/stations/{site}/{line}/{station}/boots",
    summary="List the boots of a station",
    responses=documented(404, 422),
)
def list_boots(services: FromServices, site: Name, line: Name, station: Name) -> Boots:
    """Return how far each boot is recorded, and what is missing of it."""
    address = StationAddress(site=site, line=line, station=station)
    found = stations.boots(services.database, address)
    if found is None:
        raise HTTPException(404, f"station {address} never reported; check its name.")
    return Boots(items=tuple(map(BootSummary.of, found)))


@router.get(
    "/stations/{site}/{line}/{station}/health",
    summary="Get how a station fares",
    responses=documented(404, 422),
)
def get_station_health(
    services: FromServices, site: Name, line: Name, station: Name
) -> HeardHealth:
    """Return what waits in its outbox, what was given up, and what stands in its way."""
    address = StationAddress(site=site, line=line, station=station)
    heard = services.health.of(address)
    if heard is None:
        raise HTTPException(
            404, f"station {address} has not told how it fares since this server started."
        )
    return HeardHealth.of(heard)
