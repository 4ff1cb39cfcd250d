"""From a camera's URL to the source it names."""

from collections.abc import Callable

from ..core.errors import CameraError
from .address import Address, parse_address
from .folder import FolderCamera, FolderSource
from .live import LiveSource
from .simulated import SimulatedCamera, SimulatedDriver
from .source import Source
from .video import VideoCamera, VideoSource

EXAMPLES = "folder:/images?rate=5, video:/film.mp4 or simulated:/images?rate=5&drop=0.01"


def open_camera(url: str) -> Source:
    """Open the source that `url` names, such as `folder:/images?rate=5&loop=true`.

    Raises CameraError for a URL that names none, DatasetError for a folder without images.
    """
    return _prepared(url)()


def check_camera_url(url: str) -> None:
    """Raise CameraError for a URL that names no camera; nothing is opened."""
    _prepared(url)


def parse_folder_url(url: str, **defaults: object) -> FolderCamera:
    """Return the folder camera written in `url`; `defaults` hold where the URL is silent.

    Raises CameraError for another kind of camera, an unknown option or a value out of range.
    """
    address = parse_address(url)
    if address.kind != "folder":
        raise CameraError(f"{address.shown}: no folder; write folder:/path/to/images?rate=5.")
    return address.read_as(FolderCamera, "folder", **defaults)


def _prepared(url: str) -> Callable[[], Source]:
    address = parse_address(url)
    if address.kind not in _KINDS:
        raise CameraError(
            f"{address.shown}: not a camera this version knows; write one such as {EXAMPLES}."
        )
    return _KINDS[address.kind](address)


def _folder(address: Address) -> Callable[[], Source]:
    camera = address.read_as(FolderCamera, "folder")
    return lambda: FolderSource(camera)


def _video(address: Address) -> Callable[[], Source]:
    camera = address.read_as(VideoCamera, "file")
    return lambda: VideoSource(camera)


def _simulated(address: Address) -> Callable[[], Source]:
    camera = address.read_as(SimulatedCamera, "folder")
    return lambda: LiveSource(SimulatedDriver(camera), camera.grab)


_KINDS: dict[str, Callable[[Address], Callable[[], Source]]] = {
    "folder": _folder,
    "video": _video,
    "simulated": _simulated,
}
