"""Stations whose verdicts are joined to one for each part: `views:top,side?within_ms=2000`."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from .address import parse_address
from .errors import SettingsError
from .identity import Name

KIND = "views"
MOST = 16
"""Stations that may be joined; a record has room for the reasons of so many."""
_NAME = TypeAdapter[str](Name)


@dataclass(frozen=True, slots=True)
class _Line:
    stations: str
    within_ms: Annotated[float, Field(gt=0, le=600_000)] = 2000.0


@dataclass(frozen=True, slots=True)
class Views:
    """The stations of the same site and line that look at one part, in the order named.

    Each must have seen it within `within_ms` of the others, and be heard within that of the first.
    """

    stations: tuple[str, ...]
    within_ms: float


def joins_views(camera: str) -> bool:
    """Say whether a station's camera is other stations."""
    return camera.partition(":")[0] == KIND


def parse_views(camera: str) -> Views:
    """Return what a line names. Raises SettingsError with what is wrong with it."""
    address = parse_address(camera, SettingsError)
    line = address.read_as(_Line, "stations")
    stations = tuple(line.stations.split(","))
    for station in stations:
        try:
            _NAME.validate_python(station)
        except ValidationError:
            raise SettingsError(
                f"{address.shown}: {station!r} is no name of a station; write views:top,side."
            ) from None
    if not 2 <= len(set(stations)) == len(stations) <= MOST:
        raise SettingsError(
            f"{address.shown}: name 2 to {MOST} stations, each once, as views:top,side."
        )
    return Views(stations, line.within_ms)
