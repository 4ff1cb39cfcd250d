"""What a library that reaches GigE cameras is to the process that runs it."""

from collections.abc import Sequence
from mmap import mmap
from typing import Protocol

from .devices import GigeDevice
from .job import Taken

Value = str | int | float


class RefusedError(Exception):
    """A library, or the camera behind it, says no; the text is its own."""


class Features(Protocol):
    """What can be set at a camera, by the names of the Standard Features Naming Convention."""

    def has(self, name: str) -> bool:
        """Say whether there is such a feature, and it can be used now."""
        ...

    def bounds(self, name: str, kind: type[int] | type[float]) -> tuple[float, float]:
        """Return the least and the greatest number that may be set."""
        ...

    def entries(self, name: str) -> Sequence[str]:
        """Return the words that may be set."""
        ...

    def read(self, name: str, kind: type[Value] | type[bool]) -> Value:
        """Return what is set."""
        ...

    def write(self, name: str, value: Value) -> None:
        """Set it."""
        ...


class Library(Protocol):
    """Finds cameras and holds one. Whatever is refused is a RefusedError."""

    lacks: str
    """Why there may be cameras that it cannot find; empty when there is no reason."""

    def find(self) -> Sequence[GigeDevice]:
        """Return the cameras that are there."""
        ...

    def open(self, device: GigeDevice) -> Features:
        """Take hold of a camera; raises BusyError when another program has it."""
        ...

    def payload(self) -> int:
        """Return the bytes of one picture, as the camera is set."""
        ...

    def start(self, memory: mmap, slot_bytes: int) -> None:
        """Begin to put pictures into the slots of a memory."""
        ...

    def next(self, wait_s: float) -> Taken | None:
        """Return the next picture, which keeps its slot; None when none came in time."""
        ...

    def give_back(self, slot: int) -> None:
        """Use a slot again."""
        ...

    def close(self) -> None:
        """Let go of the camera."""
        ...


class BusyError(RefusedError):
    """Another program has the camera."""
