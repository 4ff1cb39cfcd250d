"""What every live camera is to the thread that grabs from it."""

from typing import Protocol

from ..core.frame import Frame


class Driver(Protocol):
    """A camera that may be lost at any moment; opened, used and closed by one thread."""

    name: str
    """How a sentence names it, without a password."""

    def open(self) -> None:
        """Take hold of the camera; raises CameraError while it cannot be had."""
        ...

    def grab(self, wait_s: float) -> Frame | None:
        """Return the next frame, or None when none came within `wait_s` seconds.

        One without an image says why it is `unreadable`: it is missed, not judged.
        Raises CameraError when the camera is lost; it is closed and opened again then.
        """
        ...

    def close(self) -> None:
        """Let go of the camera; may be called at any time, twice, and after a failed `open`."""
        ...
