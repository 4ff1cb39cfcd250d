"""Stations of one box must not be in each other's way: a camera or a gate is one station's."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..core.actuator import parse_actuator
from ..core.address import parse_address, shown
from ..core.errors import SettingsError

if TYPE_CHECKING:
    from .tree import StationSettings

_CAMERAS_OF_ONE = ("usb", "gige")
"""Others can be looked through by several: files, and streams as far as the camera serves them."""
_TRIGGERS_OF_ONE = ("gpio", "http")


def check_apart(stations: Iterable["StationSettings"]) -> None:
    """Raise ValueError where two stations that run want one camera, gate, pin or port."""
    taken: dict[str, str] = {}
    for station in stations:
        if not station.enabled:
            continue
        for thing in dict.fromkeys(_wanted(station)):
            if (other := taken.setdefault(thing, station.name)) != station.name:
                raise ValueError(
                    f"{other} and {station.name} both want {shown(thing)}, which one station can "
                    "have; name another for one of them"
                )


def _wanted(station: "StationSettings") -> Iterator[str]:
    for line, kinds in (
        (station.camera, _CAMERAS_OF_ONE),
        (station.code_camera or "", _CAMERAS_OF_ONE),
        (station.trigger, _TRIGGERS_OF_ONE),
        (station.encoder or "", ("gpio",)),
    ):
        address = parse_address(line, SettingsError)
        if address.kind in kinds:
            yield f"{address.kind}:{address.place}"
    named = parse_actuator(station.actuator)
    # The topic of an `mqtt:` without one is the station's own.
    if named is not None and (named.kind != "mqtt" or "topic" in named.options):
        address = parse_address(station.actuator, SettingsError)
        yield f"{address.kind}:{address.place}"
