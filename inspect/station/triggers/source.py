"""A camera whose frames are those of triggers."""

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread

from ...camera.condition import FINE, Condition, fault
from ...camera.live import LiveSource
from ...camera.triggered import TriggeredBasket
from ...core.delivery import StationMode
from ...core.frame import Frame
from ...core.health import CameraHealth
from .wire import Ear, Wire

LOOK_EVERY_S = 0.25

_log = logging.getLogger(__name__)


class TriggeredSource:
    """Hands out one frame for every trigger; a wire that is silent is a fault like a camera's."""

    def __init__(self, camera: LiveSource, basket: TriggeredBasket, wire: Wire, ear: Ear) -> None:
        self._camera = camera
        self._basket = basket
        self._wire = wire
        self._ear = ear
        self._lock = Lock()
        self._of_camera = FINE
        self._said: Condition | None = None
        self._listener: Callable[[Condition], object] | None = None
        self._closing = Event()
        self._thread = Thread(target=self._look, name="trigger-watch", daemon=True)
        self._thread.start()

    def read(self) -> Frame | None:
        """Wait for the next trigger's frame, or for the cause that it has none."""
        return self._camera.read()

    def skip(self) -> None:
        """Let go of the triggers that came while nobody wanted them; they are counted."""
        before = self._basket.let_go
        self._camera.skip()
        if gone := self._basket.let_go - before:
            _log.warning("%d triggers came while the station was paused, and were let go", gone)

    def watch(self, listener: Callable[[Condition], object]) -> None:
        """Tell `listener` how camera and trigger are, now and at every change."""
        self._listener = listener
        self._camera.watch(self._see)

    def health(self) -> CameraHealth:
        """Return what became of the triggers, and of the camera's frames."""
        triggers = self._basket.health(self._ear.refused)
        return self._camera.health().model_copy(update={"triggers": triggers})

    def close(self) -> None:
        """Listen no more, and let go of the camera; what waits is handed out as missed."""
        self._closing.set()
        self._wire.close()
        self._camera.close()
        self._thread.join()

    def _see(self, condition: Condition) -> None:
        self._of_camera = condition
        self._tell()

    def _look(self) -> None:
        while not self._closing.wait(LOOK_EVERY_S):
            self._tell()

    def _tell(self) -> None:
        with self._lock:
            condition, trouble = self._of_camera, self._wire.trouble
            if trouble is not None and condition.mode is not StationMode.FAULT:
                condition = fault(trouble)
            if condition != self._said and self._listener is not None:
                self._said = condition
                self._listener(condition)
