"""Files that are there whole, or not at all."""

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` to `path`, in place of what was there. Raises OSError, and leaves no part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        _write(handle, content, mode)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def create_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` to `path`, where nothing may be yet.

    Raises FileExistsError, or another OSError; leaves no part.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        _write(handle, content, mode)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write(handle: int, content: bytes, mode: int) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)
        file.flush()
        os.fsync(file.fileno())
