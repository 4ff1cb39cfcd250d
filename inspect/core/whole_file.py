"""Files that are there whole, or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

_TRIED_BYTES = 4096


@contextmanager
def replacing(path: Path, mode: int = 0o644) -> Iterator[BinaryIO]:
    """Give a file to write, which takes the place of `path` when the block ends well.

    Raises OSError; an error in the block leaves `path` as it was, and no part, and so does Ctrl-C
    wherever it comes: the part's name is known before there is a part.
    """
    part = path.with_name(f".{path.name}.{token_hex(4)}.tmp")
    try:
        with open(part, "xb", opener=_for_owner) as file:
            yield file
            settle(file)
            os.fchmod(file.fileno(), mode)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` to `path`, in place of what was there. Raises OSError, and leaves no part."""
    with replacing(path, mode) as file:
        file.write(content)


def create_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` to `path`, where nothing may be yet.

    Raises FileExistsError, or another OSError; leaves no part.
    """
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    try:
        with open(path, "xb", opener=_for_owner) as file:
            file.write(content)
            settle(file)
            os.fchmod(file.fileno(), mode)
    except FileExistsError:
        raise
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def try_place(path: Path) -> None:
    """Write a little beside `path` and remove it, as a try before long work.

    Raises OSError where `path` could not be written either.
    """
    part = path.with_name(f".{path.name}.{token_hex(4)}.tmp")
    try:
        with open(part, "xb", opener=_for_owner) as file:
            file.write(bytes(_TRIED_BYTES))
            settle(file)
    finally:
        part.unlink(missing_ok=True)


def mend_of(error: OSError) -> str:
    """Return what mends a file that cannot be written, as the end of a sentence."""
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return "name a folder that may be written to"
    return "check folder and free space"


def settle(file: BinaryIO) -> None:
    """Have what was written on the disk: what has no room there is known now. Raises OSError."""
    file.flush()
    os.fsync(file.fileno())


def settle_path(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk as they are now. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
