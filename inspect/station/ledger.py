"""Remembers, through a kill, which frame was handed out last.

A record is written to the outbox only after the part was judged. The ledger is written before,
so that a part whose record never came is still known, and becomes a `review` at the next start.
Writing it costs microseconds: the page cache survives the death of a process, and against the
loss of power the outbox itself holds all but the last commit window.
"""

import fcntl
import os
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from ..core.errors import ServiceError

_FRAME, _SERIAL = struct.Struct("<16sQd"), struct.Struct("<H512s")
"""Boot, sequence and seconds since 1970; then the length of a serial, and it: 128 signs at most.
What stations wrote before they wrote serials ends with the frame.
"""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The last frame a boot handed out."""

    boot: UUID
    sequence: int
    captured_at: datetime
    serial: str | None = None
    """The one that was told of the part, before anything was read in its picture."""


class Ledger:
    """One fixed-size entry in a file, overwritten in place, and held by one station at a time.

    Raises ServiceError when another station holds it: each would take the other for dead.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise ServiceError(
                f"{path}: another station works in this data folder; stop it, or name another "
                "folder with --data."
            ) from None

    def last(self) -> HandedOut | None:
        """Return the entry of the previous run, or None when there was none."""
        entry = os.pread(self._file, _FRAME.size + _SERIAL.size, 0)
        if len(entry) < _FRAME.size:
            return None
        boot, sequence, captured_s = _FRAME.unpack_from(entry)
        length, serial = 0, b""
        if len(entry) == _FRAME.size + _SERIAL.size:
            length, serial = _SERIAL.unpack_from(entry, _FRAME.size)
        moment = datetime.fromtimestamp(captured_s, UTC)
        return HandedOut(UUID(bytes=boot), sequence, moment, serial[:length].decode() or None)

    def write(self, entry: HandedOut) -> None:
        """Replace the entry."""
        serial = (entry.serial or "").encode()
        frame = entry.boot.bytes, entry.sequence, entry.captured_at.timestamp()
        os.pwrite(self._file, _FRAME.pack(*frame) + _SERIAL.pack(len(serial), serial), 0)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)
