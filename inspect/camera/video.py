"""A film as a camera: every frame is a part, handed out when it is due."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Annotated

import cv2
import numpy as np
from pydantic import Field

from ..core.clock import utc_now
from ..core.errors import CameraError
from ..core.frame import Frame, Image
from .played import Played


@dataclass(frozen=True, slots=True)
class VideoCamera:
    """Which film to play; `rate` in frames a second, 0 for as fast as they are taken."""

    file: Path
    rate: Annotated[float, Field(ge=0, le=1000)] = 0.0
    loop: bool = False


class VideoSource(Played):
    """Plays a film; never skips a frame.

    Raises CameraError for a file that cannot be played.
    """

    def __init__(self, camera: VideoCamera) -> None:
        super().__init__(camera.rate)
        self._camera = camera
        self._film = _open(camera.file)
        self._played = 0
        self._lock = Lock()  # who closes must not take the film away under who reads

    def read(self) -> Frame | None:
        """Wait until the next frame is due and return it; None after the last, or when closed."""
        if not self._wait_until_due():
            return None
        captured_at, captured_s = utc_now(), monotonic()
        image = self._next()
        if image is None:
            return None
        self._played += 1
        origin = f"{self._camera.file.name} {self._played}"
        return Frame(image, captured_at, captured_s, origin, number=self._played)

    def close(self) -> None:
        """Stop playing."""
        super().close()
        with self._lock:
            self._film.release()

    def _next(self) -> Image | None:
        with self._lock:
            came, image = self._film.read()
            if not came and self._camera.loop and self._played:
                self._film.set(cv2.CAP_PROP_POS_FRAMES, 0)
                came, image = self._film.read()
            return np.asarray(image, np.uint8) if came else None


def _open(path: Path) -> cv2.VideoCapture:
    if not path.is_file():
        raise CameraError(f"{path}: no such film; check station.camera.")
    film = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    if not film.isOpened():
        raise CameraError(f"{path}: cannot be played; give a film such as MP4, MKV or AVI.")
    return film
