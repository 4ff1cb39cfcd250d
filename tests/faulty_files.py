"""A filesystem of fsspec's with the faults that remote ones have."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import fsspec
from fsspec.implementations.memory import MemoryFileSystem

URL = "faulty://evidence"
END_S = 10.0


class FaultyFileSystem(MemoryFileSystem):  # type: ignore[misc] # fsspec has no types
    """A memory that forgets half of what it is given, gives out, or does not answer."""

    protocol = "faulty"
    store: dict[str, Any] = {}  # noqa: RUF012 - fsspec's own way
    pseudo_dirs = [""]  # noqa: RUF012
    answering = threading.Event()
    forgets = fails = False

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **more: Any) -> None:
        """Write, as far as that goes."""
        self.answering.wait()
        half = self.forgets or self.fails
        super().pipe_file(path, value[: len(value) // 2] if half else value, mode, **more)
        if self.fails:
            raise OSError("the cable\nis out")

    def info(self, path: str, **more: Any) -> Any:
        """Describe a file, when it answers."""
        self.answering.wait()
        return super().info(path, **more)


@contextmanager
def faulty_files() -> Iterator[str]:
    """Give the URL of a folder there, empty and sound at first; end what hangs in it."""
    fsspec.register_implementation("faulty", FaultyFileSystem, clobber=True)
    FaultyFileSystem.store.clear()
    FaultyFileSystem.answering.set()
    try:
        yield URL
    finally:
        FaultyFileSystem.answering.set()
        for thread in threading.enumerate():
            if thread.name == "evidence":
                thread.join(END_S)
