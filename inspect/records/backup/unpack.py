"""Puts a backup into an empty box: all of it, or nothing; or, when asked, what of it is sound."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from ...core.errors import RecordsError
from ..audit.chain import SERVER
from ..database import engine_of
from .archive import ArchiveReader
from .sound import SoundReader
from .staging import in_place, staging
from .taking import Restored, Taking

OnProgress = Callable[[int, int], None]
"""Called with how many MB of the backup were read, and how many there are."""
RESTORED = "restored"
"""The folder, within that of the data, for the settings of the box that was backed up."""
_SQLITE_CACHE = "PRAGMA cache_size = -200000"  # in KB; indexes are filled in no order
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box keeps what it keeps: `database` is a URL or a file."""

    database: str | Path
    data: Path
    evidence: Path


def restore(
    archive: Path,
    place: Place,
    on_progress: OnProgress,
    who: str = SERVER,
    *,
    in_part: bool = False,
) -> Restored:
    """Put the backup `archive` into a box without records; the database has a new epoch, and its
    audit log says `who` did it. `in_part` leaves out damaged images and settings, and says so in
    the log, in a file beside the settings and in what is returned; else these are refused.

    Whatever fails, the box is as it was. Raises RecordsError, and sqlalchemy's DBAPIError.
    """
    try:
        with archive.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise RecordsError(f"{archive}: is no file; name a backup.")
            _refuse_what_is_there(place)
            with (
                staging(place.evidence) as images,
                staging(place.data) as files,
                _database(place.database) as connection,
            ):
                reader = (SoundReader if in_part else ArchiveReader)(file, str(archive))
                work = Taking(reader, str(archive), connection, images, files / RESTORED)
                size = os.fstat(file.fileno()).st_size
                restored = work.run(lambda: on_progress(file.tell() // _MB, size // _MB), who)
                with in_place(images, place.evidence), in_place(files, place.data):
                    connection.commit()
                return restored
    except OSError as error:
        raise RecordsError(
            f"{error.filename or archive}: cannot be read or written ({error.strerror}), and "
            "nothing was restored; correct that and try again."
        ) from None


def _refuse_what_is_there(place: Place) -> None:
    if any(place.evidence.glob("??/??/*")):
        raise RecordsError(
            f"{place.evidence}: has images in it; restore to a new box, or name another folder "
            "with --data."
        )
    if (place.data / RESTORED).exists():
        raise RecordsError(f"{place.data / RESTORED}: is there already; move it away first.")


@contextmanager
def _database(place: str | Path) -> Iterator[Connection]:
    """Give a connection in a transaction; what is not committed leaves nothing, no file either."""
    engine = engine_of(place).execution_options(sqlite_begin="BEGIN IMMEDIATE")
    file = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
    was_there = file is None or file.exists()
    kept = False
    try:
        with engine.connect() as connection:
            if file is not None:
                connection.exec_driver_sql(_SQLITE_CACHE)
            yield connection
            kept = not connection.in_transaction()
    finally:
        engine.dispose()
        if file is not None and not (was_there or kept):
            for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
                file.with_name(name).unlink(missing_ok=True)
