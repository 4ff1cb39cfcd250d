"""A camera on the network: RTSP, or MJPEG over HTTP, read through FFmpeg."""

import os

import cv2

from ..core.errors import CameraError
from ..core.frame import Frame
from .jpeg import picture_of
from .opencv import Grabber
from .unreachable import why_no_stream

OPEN_WITHIN_MS, READ_WITHIN_MS = 5000, 1000
os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp|analyzeduration;500000")
"""UDP loses packets in silence, and pictures come out smeared. Unasked FFmpeg may look at a stream
for 5 s before it shows the first picture."""
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
"""What is wrong is said once, in a sentence, and not at every try by those who noticed it first."""


MOTION_JPEG = "MJPG"
OWN_BYTES = -1
"""Asked for as a format, OpenCV hands out what the camera sent, and decodes nothing."""


class StreamDriver:
    """A stream that is connected to anew whenever it breaks off.

    `url` may hold a password, `shown` is how sentences name it. JPEGs are decoded here, strictly:
    FFmpeg puts the picture before where data is missing, and gives every picture the first one's
    size.
    """

    def __init__(self, url: str, shown: str) -> None:
        self.name = f"camera {shown}"
        self._url = url
        self._grabber = Grabber(f"{self.name}: the stream broke off; it is connected to again.")
        self._is_jpeg = False

    def open(self) -> None:
        """Connect; raises CameraError when that cannot be done within 5 s, and asks why."""
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_WITHIN_MS]
        limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_WITHIN_MS]
        stream = cv2.VideoCapture(self._url, cv2.CAP_FFMPEG, limits)
        self._grabber.use(stream)
        if not stream.isOpened():
            raise CameraError(f"{self.name}: {why_no_stream(self._url)}.")
        code = int(stream.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=True)
        self._is_jpeg = code == MOTION_JPEG.encode() and stream.set(cv2.CAP_PROP_FORMAT, OWN_BYTES)

    def grab(self, wait_s: float) -> Frame | None:  # noqa: ARG002 - FFmpeg has its own limit
        """Return the next frame; a stream that is silent for a second is lost, not slow."""
        return self._grabber.grab(picture_of if self._is_jpeg else None)

    def close(self) -> None:
        """Hang up."""
        self._grabber.close()
