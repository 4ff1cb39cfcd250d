"""What every kind of camera is to the rest of the product."""

from collections.abc import Callable
from typing import Protocol

from ..core.frame import Frame
from ..core.health import CameraHealth
from .condition import Condition


class Source(Protocol):
    """Hands out frames, one for each part."""

    def read(self) -> Frame | None:
        """Wait for the next frame and return it; None when there will be no more.

        A frame that came but cannot be looked at is returned with its `unreadable` cause.
        Raises CameraError when the source gave out.
        """
        ...

    def skip(self) -> None:
        """Let go of what waits: it was taken while nobody wanted it."""
        ...

    def watch(self, listener: Callable[[Condition], object]) -> None:
        """Tell `listener` how the camera is, now and at every change, from any thread."""
        ...

    def health(self) -> CameraHealth | None:
        """Return what became of the frames nobody judged; None where every one is."""
        ...

    def close(self) -> None:
        """Let go of the camera; a `read` that waits returns None. May be called twice."""
        ...
