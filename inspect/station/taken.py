"""What the loop is handed for one part: a camera's frame, or what other stations said of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from ..camera.condition import Condition
from ..core.frame import Image
from ..core.health import CameraHealth


class Taken(Protocol):
    """A part that was seen; a Frame is one."""

    @property
    def captured_at(self) -> datetime:
        """When, in UTC."""
        ...

    @property
    def captured_s(self) -> float:
        """When, on the monotonic clock."""
        ...

    @property
    def told_serial(self) -> str | None:
        """The serial under which it was told of, where it was."""
        ...

    @property
    def at_gate(self) -> int | None:
        """The number under which the gate expects it already."""
        ...

    @property
    def image(self) -> Image | None:
        """Its picture, where there is one."""
        ...

    @property
    def unreadable(self) -> str | None:
        """Why there is none."""
        ...


Part = TypeVar("Part", bound=Taken)
Part_co = TypeVar("Part_co", bound=Taken, covariant=True)
Part_contra = TypeVar("Part_contra", bound=Taken, contravariant=True)


class Parts(Protocol[Part_co]):
    """Hands out parts; every camera's Source does."""

    def read(self) -> Part_co | None:
        """Wait for the next part and return it; None when there will be no more."""
        ...

    def skip(self) -> None:
        """Let go of what waits: it was seen while nobody wanted it."""
        ...

    def watch(self, listener: Callable[[Condition], object]) -> None:
        """Tell `listener` what stands in the way, now and at every change, from any thread."""
        ...

    def health(self) -> CameraHealth | None:
        """Return what became of the frames nobody judged; None where every one is, or none are."""
        ...

    def close(self) -> None:
        """Hand out no more; a `read` that waits returns. May be called twice."""
        ...
