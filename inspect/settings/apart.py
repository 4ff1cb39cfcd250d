"""Stations of one box must not be in each other's way: a camera or a gate is one station's."""

from collections.abc import Iterable, Iterator

from ..core.actuator import parse_actuator
from ..core.address import parse_address
from ..core.errors import SettingsError
from .station import StationSettings

_CAMERAS_OF_ONE = ("usb", "gige")
"""Others can be looked through by several: files, and streams as far as the camera serves them."""
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


def _wanted(station: StationSettings) -> Iterator[str]:
    for line, kinds in (
        (station.camera, _CAMERAS_OF_ONE),
        (station.code_camera or "", _CAMERAS_OF_ONE),
        (station.trigger, _TRIGGERS_OF_ONE),
        (station.encoder or "", ("gpio",)),
    ):
        address = parse_address(line, SettingsError)
        if address.kind in kinds:
            yield _named(address.kind, address.place.removeprefix("/dev/video"))
    gate = parse_actuator(station.actuator)
    # The topic of an `mqtt:` without one is the station's own.
    if gate is not None and (gate.kind != "mqtt" or "topic" in gate.options):
        said = (str(gate.options.get(key, "")) for key in _PLACE_OF_GATE)
        yield _named(gate.kind, " ".join(filter(None, said)))


def _named(kind: str, place: str) -> str:
    """Return one name for one thing, however a number in it is written."""
    return f"{kind}:{int(place) if place.isdecimal() else place}"
