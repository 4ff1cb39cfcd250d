"""Files that are there whole, or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: Path, mode: int = 0o644) -> Iterator[BinaryIO]:
    """Give a file to write, which takes the place of `path` when the block ends well.

    Raises OSError; an error in the block leaves `path` as it was, and no part.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            _settle(file, mode)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def replace_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` to `path`, in place of what was there. Raises OSError, and leaves no part."""
    with replacing(path, mode) as file:
        file.write(content)


def create_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` to `path`, where nothing may be yet.

    Raises FileExistsError, or another OSError; leaves no part.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            _settle(file, mode)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _settle(file: BinaryIO, mode: int) -> None:
    os.fchmod(file.fileno(), mode)
    file.flush()
    os.fsync(file.fileno())
