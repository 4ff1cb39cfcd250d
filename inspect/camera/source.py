"""What every kind of camera is to the rest of the product."""

from typing import Protocol

from ..core.frame import Frame


class Source(Protocol):
    """Hands out frames, one for each part."""

    def read(self) -> Frame | None:
        """Wait for the next frame and return it; None when there will be no more.

        A frame that came but cannot be looked at is returned with its `unreadable` cause.
        Raises CameraError when the source gave out.
        """
        ...

    def close(self) -> None:
        """Let go of the camera; a `read` that waits returns None. May be called twice."""
        ...
