"""What all cameras share that OpenCV reads: frames from an open capture, until it gives out."""

from collections.abc import Callable
from time import monotonic
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..core.clock import utc_now
from ..core.errors import CameraError
from ..core.frame import Frame, Image

DAMAGED = "the picture came cut short or damaged"
Decode = Callable[[NDArray[np.uint8]], Image | None]
"""Returns the picture in bytes, or None where it is not whole."""


class Capture(Protocol):
    """What is used of `cv2.VideoCapture`."""

    def isOpened(self) -> bool: ...  # noqa: D102, N802 - OpenCV's

    def set(self, propId: int, value: float) -> bool: ...  # noqa: D102, N803 - OpenCV's

    def get(self, propId: int) -> float: ...  # noqa: D102, N803 - OpenCV's

    def read(self) -> tuple[bool, object]: ...  # noqa: D102 - OpenCV's

    def release(self) -> None: ...  # noqa: D102 - OpenCV's


class Grabber:
    """Grabs from a capture, and lets go of it; `lost` says in a sentence that it gave out."""

    def __init__(self, lost: str) -> None:
        self._lost = lost
        self._capture: Capture | None = None
        self._number = 0

    def use(self, capture: Capture) -> None:
        """Grab from this one from now on."""
        self._capture = capture

    def grab(self, decode: Decode | None = None) -> Frame:
        """Return the next frame, within the capture's own limit of time.

        `decode` is for a capture that hands out what the camera sent, and not its pictures.
        Raises CameraError when none came.
        """
        came, image = self._capture.read() if self._capture is not None else (False, None)
        if not came:
            raise CameraError(self._lost)
        self._number += 1
        sent, captured_at, captured_s = np.asarray(image, np.uint8), utc_now(), monotonic()
        picture = sent if decode is None else decode(sent)
        unreadable = DAMAGED if picture is None else None
        return Frame(picture, captured_at, captured_s, str(self._number), unreadable)

    def close(self) -> None:
        """Let go of the capture."""
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()
