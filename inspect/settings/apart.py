"""Stations of one box must not be in each other's way, and agree where one joins others."""

from collections.abc import Iterable, Iterator

from ..core.actuator import parse_actuator
from ..core.address import camera_device, named, parse_address
from ..core.errors import SettingsError
from ..core.views import joins_views, parse_views
from .station import StationSettings

_TRIGGERS_OF_ONE = ("gpio", "http")
_PLACE_OF_GATE = ("host", "port", "unit", "path", "node", "method", "spot", "topic", "number")
"""What of an actuator's options says where it is; the rest says how it is used."""


def check_apart(stations: Iterable[StationSettings]) -> None:
    """Raise ValueError where two stations that run want one camera, gate, pin or port."""
    taken: dict[str, str] = {}
    for station in stations:
        if not station.enabled:
            continue
        for thing in dict.fromkeys(_wanted(station)):
            if (other := taken.setdefault(thing, station.name)) != station.name:
                raise ValueError(
                    f"{other} and {station.name} both want {thing}, which one station can "
                    "have; name another for one of them"
                )


def check_views(stations: Iterable[StationSettings]) -> None:
    """Raise ValueError where a station joins one of this box that is off, or inspects otherwise.

    A view that is none of this box may be one of another.
    """
    known = {station.name: station for station in stations}
    for joining in known.values():
        if not (joining.enabled and joins_views(joining.camera)):
            continue
        for view in filter(None, map(known.get, parse_views(joining.camera).stations)):
            if not view.enabled:
                raise ValueError(
                    f"{joining.name} joins {view.name}, which is not enabled; enable it, or leave "
                    "it out of the views"
                )
            if view.purpose is not joining.purpose:
                raise ValueError(
                    f"{joining.name} inspects for {joining.purpose} and its view {view.name} for "
                    f"{view.purpose}; set one purpose for both"
                )


def _wanted(station: StationSettings) -> Iterator[str]:
    cameras = map(camera_device, (station.camera, station.code_camera or ""))
    yield from filter(None, cameras)
    for line, kinds in ((station.trigger, _TRIGGERS_OF_ONE), (station.encoder or "", ("gpio",))):
        address = parse_address(line, SettingsError)
        if address.kind in kinds:
            yield named(address.kind, address.place)
    gate = parse_actuator(station.actuator)
    # The topic of an `mqtt:` without one is the station's own.
    if gate is not None and (gate.kind != "mqtt" or "topic" in gate.options):
        said = (str(gate.options.get(key, "")) for key in _PLACE_OF_GATE)
        yield named(gate.kind, " ".join(filter(None, said)))
