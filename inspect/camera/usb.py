"""A USB camera, by Video4Linux."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
from pydantic import Field

from ..core.errors import CameraError
from ..core.frame import Frame
from .baskets import Use
from .opencv import Capture, Grabber
from .usb_devices import VIDEO, find_device

os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "1")
"""Seconds that a read waits for a picture; unasked it is ten."""
Pixels = Annotated[int, Field(ge=0, le=65_535)]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsbCamera(Use):
    """Which camera, by number, path or serial, and what is asked of it; 0 leaves it as it is."""

    device: str
    width: Pixels = 0
    height: Pixels = 0
    rate: Annotated[float, Field(ge=0, le=1000)] = 0.0


def _video4linux(path: str) -> Capture:
    capture: Capture = cv2.VideoCapture(path, cv2.CAP_V4L2)
    return capture


class UsbDriver:
    """A USB camera that may be pulled out and come back under another number."""

    def __init__(
        self,
        camera: UsbCamera,
        *,
        video: Path = VIDEO,
        capture: Callable[[str], Capture] = _video4linux,
    ) -> None:
        self.name = f"camera usb:{camera.device}"
        self._camera = camera
        self._video = video
        self._open = capture
        self._grabber = Grabber(f"{self.name}: hands out no picture; look at its cable.")

    def open(self) -> None:
        """Take hold of the camera; raises CameraError while it is away or another has it."""
        device = find_device(self._camera.device, self._video)
        capture = self._open(device.path)
        self._grabber.use(capture)
        if not capture.isOpened():
            raise CameraError(
                f"{self.name}: {device.path} cannot be opened; see that no other program has it, "
                "and that this user is in the group `video`."
            )
        self._ask(capture, cv2.CAP_PROP_FRAME_WIDTH, "width", self._camera.width)
        self._ask(capture, cv2.CAP_PROP_FRAME_HEIGHT, "height", self._camera.height)
        self._ask(capture, cv2.CAP_PROP_FPS, "rate", self._camera.rate)

    def grab(self, wait_s: float) -> Frame | None:  # noqa: ARG002 - OpenCV has its own limit
        """Return the next frame; a camera that is silent for a second is opened again."""
        return self._grabber.grab()

    def close(self) -> None:
        """Let go of the camera."""
        self._grabber.close()

    def _ask(self, capture: Capture, what: int, name: str, wanted: float) -> None:
        if not wanted:
            return
        capture.set(what, wanted)
        if (got := capture.get(what)) != wanted:
            raise CameraError(f"{self.name}: has no {name} of {wanted:g}, it offers {got:g}.")
