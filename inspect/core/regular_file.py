"""The one way a file that someone names is read into memory."""

import errno
import stat
from pathlib import Path


def read_regular_file(path: Path, limit_bytes: int) -> bytes:
    """Return the first `limit_bytes` of a file.

    Raises OSError when it cannot be read or is a device, a pipe or a folder: those may have no
    end, or wait for ever.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    with path.open("rb") as file:
        return file.read(limit_bytes)
