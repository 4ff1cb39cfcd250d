"""Which USB cameras this box has, by what Linux says of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import CameraError

VIDEO = Path("/sys/class/video4linux")


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """A camera as Linux knows it; `serial` stays the same at whichever number it is found."""

    number: int
    name: str
    serial: str | None

    @property
    def path(self) -> str:
        """The file it is opened by."""
        return f"/dev/video{self.number}"


def usb_devices(video: Path = VIDEO) -> tuple[UsbDevice, ...]:
    """Return the devices that hand out pictures, in the order of their numbers."""
    return tuple(sorted(_devices(video), key=lambda device: device.number))


def find_device(wanted: str, video: Path = VIDEO) -> UsbDevice:
    """Return the camera of a number, a path such as /dev/video2, or a serial.

    Raises CameraError when it is not plugged in, or several have that serial.
    """
    number = wanted.removeprefix("/dev/video")
    here = usb_devices(video)
    found = [each for each in here if wanted == each.serial or number == str(each.number)]
    if len(found) == 1:
        return found[0]
    if found:
        numbers = ", ".join(str(each.number) for each in found)
        raise CameraError(f"usb:{wanted}: cameras {numbers} have that serial; name a number.")
    known = ", ".join(f"{each.number} ({each.serial or each.name})" for each in here) or "none"
    raise CameraError(f"usb:{wanted}: is not plugged in; the box has {known}.")


def _devices(video: Path) -> Iterator[UsbDevice]:
    for folder in video.glob("video*"):
        number = folder.name.removeprefix("video")
        # The second and further files of a camera hand out data about its pictures, not pictures.
        if number.isdigit() and _text(folder / "index") in (None, "0"):
            yield UsbDevice(int(number), _text(folder / "name") or folder.name, _serial(folder))


def _serial(folder: Path) -> str | None:
    """Return the serial of the USB device that a camera's interface belongs to."""
    interface = (folder / "device").resolve()
    return _text(interface / "serial") or _text(interface.parent / "serial")


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip() or None
    except OSError:
        return None
