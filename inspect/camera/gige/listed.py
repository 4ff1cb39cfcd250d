"""Which GigE Vision cameras this box reaches."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote

from ...core.errors import CameraError
from .devices import GigeDevice
from .driver import Library, producers_on_path
from .job import Asked, Job
from .link import Link


@dataclass(frozen=True, slots=True)
class Listed:
    """A camera, by the address to write into the settings."""

    address: str
    by: Library
    device: GigeDevice


def listed() -> tuple[tuple[Listed, ...], tuple[str, ...]]:
    """Return the cameras found by the producers on this box and by Aravis, and what stood in the
    way of finding more.
    """
    producers = producers_on_path()
    libraries: tuple[Library, ...] = ("gentl", "aravis") if producers else ("aravis",)
    found: list[Listed] = []
    lacks: list[str] = []
    for by in libraries:
        try:
            devices, lack = _found(by, producers)
        except CameraError as error:
            lacks.append(str(error))
            continue
        # Where there is a producer it is asked first, unless the address says otherwise.
        option = "?by=aravis" if by == "aravis" and producers else ""
        names = [device.serial for device in devices]
        found += [Listed(_address(each, names.count) + option, by, each) for each in devices]
        lacks += [lack] if lack else []
    return tuple(found), tuple(lacks)


def _found(by: Library, producers: tuple[str, ...]) -> tuple[tuple[GigeDevice, ...], str]:
    with closing(Link(Job(by, producers, "", "GigE cameras", Asked()))) as link:
        return link.found()


def _address(device: GigeDevice, count: Callable[[str], int]) -> str:
    alone = device.serial and count(device.serial) == 1
    return f"gige:{quote(device.serial if alone else device.id, safe='')}"
