"""From a camera's URL to the source it names."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from ..core.address import Address, parse_address, shown
from ..core.errors import CameraError
from .baskets import Use
from .folder import FolderCamera, FolderSource
from .gige.driver import GigeCamera, GigeDriver
from .live import LiveSource
from .simulated import SimulatedCamera, SimulatedDriver
from .source import Source
from .stream import StreamDriver
from .usb import UsbCamera, UsbDriver
from .video import VideoCamera, VideoSource

EXAMPLES = "usb:0, gige:AB12, rtsp://10.0.0.5/stream1, folder:/images?rate=5 or video:/film.mp4"
GIGE_PAUSE_S = 0.1
"""A GigE camera's driver has a pause of its own."""


def open_camera(url: str) -> Source:
    """Open the source that `url` names, such as `folder:/images?rate=5&loop=true`.

    Raises CameraError for a URL that names none, DatasetError for a folder without images.
    """
    return _prepared(url)()


def check_camera_url(url: str) -> None:
    """Raise CameraError for a URL that names no camera; nothing is opened."""
    _prepared(url)


def is_live(url: str) -> bool:
    """Say whether the camera runs by itself, and not as fast as somebody takes what it has."""
    return url.partition(":")[0] not in ("folder", "video")


def parse_folder_url(url: str, **defaults: object) -> FolderCamera:
    """Return the folder camera written in `url`; `defaults` hold where the URL is silent.

    Raises CameraError for another kind of camera, an unknown option or a value out of range.
    """
    address = parse_address(url, CameraError)
    if address.kind != "folder":
        raise CameraError(f"{address.shown}: no folder; write folder:/path/to/images?rate=5.")
    return address.read_as(FolderCamera, "folder", **defaults)


def _prepared(url: str) -> Callable[[], Source]:
    address = parse_address(url, CameraError)
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
    return lambda: LiveSource(SimulatedDriver(camera), camera)


def _usb(address: Address) -> Callable[[], Source]:
    camera = address.read_as(UsbCamera, "device")
    return lambda: LiveSource(UsbDriver(camera), camera)


def _gige(address: Address) -> Callable[[], Source]:
    camera = address.read_as(GigeCamera, "camera")
    waits = camera.trigger == "line"
    driver = GigeDriver(camera)
    return lambda: LiveSource(driver, camera, pause_s=GIGE_PAUSE_S, waits_for_parts=waits)


def _stream(address: Address) -> Callable[[], Source]:
    # A stream's own address may hold a question mark: what is meant for us stands behind a #.
    stream, _, options = address.url.partition("#")
    ours = replace(address, place="", options=dict(parse_qsl(options, keep_blank_values=True)))
    _check_stream(address, stream)
    use = ours.read_as(Use, None)
    return lambda: LiveSource(StreamDriver(stream, shown(stream)), use)


def _check_stream(address: Address, stream: str) -> None:
    try:
        parts = urlsplit(stream)
        named, _ = parts.hostname, parts.port
    except ValueError:
        parts, named = None, None
    # Where a password holds a / or a #, what stands before that is taken for the host.
    if parts is None or ("@" in address.url and "@" not in parts.netloc):
        raise CameraError(
            f"{address.shown}: is no address; write / ? # and @ in a user or password as %2F %3F "
            "%23 and %40."
        )
    if not named:
        raise CameraError(f"{address.shown}: names no camera; write rtsp://10.0.0.5/stream1.")


_KINDS: dict[str, Callable[[Address], Callable[[], Source]]] = {
    "folder": _folder,
    "video": _video,
    "simulated": _simulated,
    "usb": _usb,
    "gige": _gige,
    "rtsp": _stream,
    "rtsps": _stream,
    "http": _stream,
    "https": _stream,
}
