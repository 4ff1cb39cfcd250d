"""What all cameras share that OpenCV reads: frames from an open capture, until it gives out."""

from time import monotonic
from typing import Protocol

import numpy as np

from ..core.clock import utc_now
from ..core.errors import CameraError
from ..core.frame import Frame


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

    def grab(self) -> Frame:
        """Return the next frame, within the capture's own limit of time.

        Raises CameraError when none came.
        """
        came, image = self._capture.read() if self._capture is not None else (False, None)
        if not came:
            raise CameraError(self._lost)
        self._number += 1
        return Frame(np.asarray(image, np.uint8), utc_now(), monotonic(), str(self._number))

    def close(self) -> None:
        """Let go of the capture."""
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()
