"""A camera on the network: RTSP, or MJPEG over HTTP, read through FFmpeg."""

import os
from contextlib import suppress
from time import monotonic

import cv2
import numpy as np

from ..core.clock import utc_now
from ..core.errors import CameraError
from ..core.frame import Frame

OPEN_WITHIN_MS = 5000
os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp|analyzeduration;500000")
"""UDP loses packets in silence, and pictures come out smeared. Unasked FFmpeg may look at a stream
for 5 s before it shows the first picture."""
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
"""What is wrong is said once, in a sentence, and not at every try by those who noticed it first."""


class StreamDriver:
    """A stream that is connected to anew whenever it breaks off.

    `url` may hold a password, `shown` is how sentences name it.
    """

    def __init__(self, url: str, shown: str) -> None:
        self.name = f"camera {shown}"
        self._url = url
        self._stream: cv2.VideoCapture | None = None
        self._number = 0

    def open(self) -> None:
        """Connect; raises CameraError when that cannot be done within 5 s."""
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_WITHIN_MS]
        # A read that waits cannot be interrupted, so it is given up and the stream with it.
        limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, 1000]
        self._stream = cv2.VideoCapture(self._url, cv2.CAP_FFMPEG, limits)
        if not self._stream.isOpened():
            raise CameraError(
                f"{self.name}: cannot be connected to; check its address, user and password, and "
                "that it is on."
            )

    def grab(self, wait_s: float) -> Frame | None:  # noqa: ARG002 - FFmpeg has its own limit
        """Return the next frame; a stream that is silent for a second is lost, not slow."""
        if self._stream is None:
            raise CameraError(f"{self.name}: it was closed.")
        came, image = self._stream.read()
        if not came:
            raise CameraError(f"{self.name}: the stream broke off; it is connected to again.")
        self._number += 1
        origin = f"{self._number}"
        return Frame(np.asarray(image, np.uint8), utc_now(), monotonic(), origin)

    def close(self) -> None:
        """Hang up."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with suppress(cv2.error):
                stream.release()
