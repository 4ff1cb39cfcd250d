"""Where the frames of a camera can be shut off, and the newest one is looked at."""

from collections.abc import Callable
from threading import Event
from typing import Generic

from ..camera.condition import Condition
from ..core.health import CameraHealth
from .taken import Part, Parts, Taken


class Tap:
    """Open at first. While it is shut, who reads through it waits.

    It is shut and opened by another thread than the one that reads; open, it costs the reader
    nothing. It may be shut before anybody reads.
    """

    def __init__(self) -> None:
        self._flow = Event()
        self._flow.set()
        self._standing = Event()
        self._in_use = False
        self.newest: Taken | None = None
        self.frames = 0

    def shut(self, patience_s: float) -> bool:
        """Let no further frame be asked for; say whether the reader stands within `patience_s`.

        If it does not, it works at its last frame still, or waits for one.
        """
        if self._flow.is_set():
            self._standing.clear()
            self._flow.clear()
        return not self._in_use or self._standing.wait(patience_s)

    def open(self) -> None:
        """Let the reader go on."""
        self._flow.set()

    def begin(self) -> None:
        """Note that somebody reads from now on."""
        self._in_use = True

    def end(self) -> None:
        """Note that nobody reads any more; who stands goes on, whatever is asked later."""
        self._in_use = False
        self._flow.set()

    def wait(self) -> bool:
        """Wait, as the reader, while the tap is shut; say whether it was."""
        stood = False
        while self._in_use and not self._flow.is_set():
            stood = True
            self._standing.set()
            self._flow.wait()
            self._standing.clear()
        return stood

    def note(self, frame: Taken) -> None:
        """Keep the frame just taken."""
        self.newest = frame
        self.frames += 1


class TappedSource(Generic[Part]):
    """A source behind a tap."""

    def __init__(self, source: Parts[Part], tap: Tap) -> None:
        self._source = source
        self._tap = tap
        tap.begin()

    def read(self) -> Part | None:
        """Wait until the tap is open and for the next frame; None when there will be no more."""
        if self._tap.wait():
            self._source.skip()
        frame = self._source.read()
        if frame is None:
            self._tap.end()
        else:
            self._tap.note(frame)
        return frame

    def skip(self) -> None:
        """Let go of what waits behind the tap."""
        self._source.skip()

    def watch(self, listener: Callable[[Condition], object]) -> None:
        """Tell `listener` how the camera is, now and at every change, from any thread."""
        self._source.watch(listener)

    def health(self) -> CameraHealth | None:
        """Return what became of the frames nobody judged."""
        return self._source.health()

    def close(self) -> None:
        """Let go of the camera; a paused reader finds it closed."""
        self._source.close()
        self._tap.end()
