"""A camera that runs by itself: grabbed from by a thread, watched, and opened again when lost."""

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic

from ..core.errors import CameraError
from ..core.frame import Frame
from ..core.health import CameraHealth
from .baskets import BASKETS, Basket, EveryBasket, Use
from .condition import FINE, Condition, fault
from .driver import Driver
from .foreseen import Foresee
from .triggered import TriggeredBasket
from .watch import Watch

STALL_S = 0.5
"""Without a frame for so long a camera that runs freely is said to be silent."""
REOPEN_AFTER_S = 2.0
"""Without a frame for so long it is closed and opened again."""
PAUSE_S = 1.0
"""Between two tries to open it; it is tried for ever."""
CALM_S = 0.5
"""So long after something was wrong a camera is well again: one that is black at every other frame
would say so at each of them."""
CLOSE_WITHIN_S = 2.0
"""A driver that waits for a camera cannot be interrupted: it ends by itself, later."""

_log = logging.getLogger(__name__)


class LiveSource:
    """Frames of a live camera, for one reader; what becomes of the camera is told as it happens.

    One that `waits_for_parts` may be silent for any time: its driver alone knows when it is lost.
    """

    def __init__(
        self,
        driver: Driver,
        use: Use,
        *,
        stall_s: float = STALL_S,
        reopen_after_s: float = REOPEN_AFTER_S,
        pause_s: float = PAUSE_S,
        calm_s: float = CALM_S,
        waits_for_parts: bool = False,
    ) -> None:
        self._driver = driver
        self._basket: Basket | TriggeredBasket = BASKETS[use.grab]()
        self._between_s = 1 / use.pace if use.pace else 0.0
        self._due_s = monotonic()
        self._stall_s = stall_s
        self._reopen_after_s = reopen_after_s
        self._pause_s = pause_s
        self._calm_s = calm_s
        self._waits_for_parts = waits_for_parts
        self._closing = Event()
        self._lock = Lock()
        self._condition = fault(f"{driver.name}: not connected yet")
        self._wrong_s = 0.0
        self._again = ""
        self._listener: Callable[[Condition], object] | None = None
        self._onlooker: Callable[[Frame], object] | None = None
        self._lost = self._damaged = 0
        self._thread = Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    def health(self) -> CameraHealth:
        """Return how many frames nobody judged, by cause."""
        overtaken = self._basket.overtaken
        return CameraHealth(overtaken=overtaken, lost=self._lost, damaged=self._damaged)

    def pair(self, basket: TriggeredBasket) -> None:
        """Hand out the frames of triggers from now on; to be called before anybody reads."""
        before, self._basket, self._between_s = self._basket, basket, 0.0
        before.close()

    def show_to(self, onlooker: Callable[[Frame], object] | None) -> None:
        """Show every frame to `onlooker` before it is offered, in the thread that grabs."""
        self._onlooker = onlooker

    def foresee(self, foresee: Foresee) -> None:
        """Tell of every part as it comes, where each frame is one; before anybody reads."""
        if isinstance(self._basket, EveryBasket):
            self._basket.foresee = foresee

    @property
    def trouble(self) -> str | None:
        """What the camera suffers from at present, if anything."""
        return self._condition.reason

    def skip(self) -> None:
        """Let go of the frames that wait: they were taken while nobody wanted them."""
        self._basket.clear()

    def watch(self, listener: Callable[[Condition], object]) -> None:
        """Tell `listener` how the camera is, now and at every change, from any thread."""
        with self._lock:
            self._listener = listener
            listener(self._condition)

    def read(self) -> Frame | None:
        """Wait until a frame is due and there, and return it; None when closed."""
        if self._between_s and self._closing.wait(max(0.0, self._due_s - monotonic())):
            return None
        frame = self._basket.take()
        self._due_s = max(self._due_s + self._between_s, monotonic())
        return frame

    def close(self) -> None:
        """Let go of the camera; may be called twice."""
        self._closing.set()
        self._basket.close()
        self._thread.join(CLOSE_WITHIN_S)

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._driver.open()
                self._grab()
            except CameraError as error:
                self._say(fault(str(error)))
            except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again
                _log.exception("%s: a fault nobody foresaw", self._driver.name)
                self._say(fault(f"{self._driver.name}: {type(error).__name__}: {error}"))
            finally:
                self._driver.close()
            self._closing.wait(self._pause_s)

    def _grab(self) -> None:
        """Grab until closed; raises CameraError when the camera gave out."""
        watch, silent_s, number, whole_s = Watch(), 0.0, None, monotonic()
        damaged = 0  # since the last whole one, whose numbers nobody knows
        while not self._closing.is_set():
            frame = self._driver.grab(self._stall_s)
            if frame is None:
                if self._waits_for_parts:
                    self._say(FINE)
                    continue
                silent_s += self._stall_s
                said = f"{self._driver.name}: no picture for {silent_s:.1f} s"
                if silent_s >= self._reopen_after_s:
                    raise CameraError(f"{said}; it is opened again.")
                self._say(fault(said))
                continue
            silent_s = 0.0
            if frame.image is None:
                damaged += 1
                self._damaged += 1
                self._basket.miss(1, str(frame.unreadable))
                _, condition = watch.look(frame)
                if monotonic() - whole_s > self._stall_s:
                    condition = fault(f"{self._driver.name}: {frame.unreadable}, and those before")
                self._say(condition)
                continue
            lost = max(0, _between(number, frame.number) - damaged)
            number, damaged, whole_s = frame.number, 0, monotonic()
            if lost:
                self._lost += lost
                self._basket.miss(lost, "it went lost between camera and box")
            judged, condition = watch.look(frame, lost)
            self._say(condition)
            onlooker = self._onlooker
            if onlooker is not None:
                onlooker(judged)
            self._basket.put(judged)

    def _say(self, condition: Condition) -> None:
        if condition != FINE:
            self._wrong_s = monotonic()
        elif monotonic() - self._wrong_s < self._calm_s:
            return
        if condition == self._condition:
            return
        with self._lock:
            self._condition = condition
            if self._listener is not None:
                self._listener(condition)
        if condition is FINE:
            _log.warning("%s: hands out pictures%s", self._driver.name, self._again)
            self._again = " again"
        else:
            _log.warning("%s", condition.reason)


def _between(before: int | None, now: int | None) -> int:
    """Return how many frames a camera counted between two that came."""
    if before is None or now is None:
        return 0
    return max(0, now - before - 1)
