"""A part is told of by who sees it in the pictures of the station's own camera."""

import logging
from threading import Lock
from time import monotonic

from ...camera.live import LiveSource
from ...camera.present.eye import Eye
from ...core.errors import MessagingError
from ...core.frame import Frame
from .wire import Ear

_log = logging.getLogger(__name__)


class PresentWire:
    """Looks at every frame before it is offered, in the thread that grabs."""

    def __init__(self, ear: Ear, eye: Eye, camera: LiveSource) -> None:
        self._ear = ear
        self._eye = eye
        self._camera = camera
        self._lock = Lock()
        self._closed = False

    @property
    def trouble(self) -> str | None:
        """Why no part can be seen at present."""
        return self._eye.trouble

    def open(self) -> None:
        """Begin to look."""
        self._camera.show_to(self._see)

    def close(self) -> None:
        """Look no more; a part that is at the line still is told of."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._tell(self._eye.end())

    def _see(self, frame: Frame) -> None:
        with self._lock:
            if not self._closed:
                self._tell(self._eye.look(frame))

    def _tell(self, parts: list[Frame]) -> None:
        for part in parts:
            try:
                self._ear.hear(monotonic(), frame=part)
            except MessagingError as error:
                _log.warning("%s: %s", self._ear.by, error)
