"""Puts a backup into an empty box: all of it, or nothing."""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from ...core.errors import RecordsError
from ..audit.chain import SERVER
from ..database import engine_of, sentence
from ..evidence_folder import place_in
from ..evidence_store import EvidenceError, check_evidence
from ..migrate import known_revisions
from ..tables import InspectionRow
from .archive import ArchiveReader, Entry
from .chunks import unpack
from .forms import FORMAT, HEADER, Header
from .images import kept_images
from .staging import in_place, staging
from .target import Target, check_revision

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


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a backup; `settings` are the files that now lie in the folder `restored`."""

    inspections: int
    images: int
    settings: tuple[str, ...]


def restore(archive: Path, place: Place, on_progress: OnProgress, who: str = SERVER) -> Restored:
    """Put the backup `archive` into a box without records; the database has a new epoch, and its
    audit log says `who` did it.

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
                work = _Restore(archive, file, connection, images, files / RESTORED)
                restored = work.run(on_progress, who)
                with in_place(images, place.evidence), in_place(files, place.data):
                    connection.commit()
                return restored
    except OSError as error:
        raise RecordsError(
            f"{error.filename or archive}: cannot be read or written ({error.strerror}), and "
            "nothing was restored; correct that and try again."
        ) from None


class _Restore:
    """One backup that is being restored."""

    def __init__(
        self, archive: Path, file: BinaryIO, connection: Connection, images: Path, settings: Path
    ) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size
        self._name = str(archive)
        self._reader = ArchiveReader(file, self._name)
        self._connection = connection
        self._image_folder = images
        self._settings_folder = settings
        self._images = 0
        self._settings: list[str] = []
        self._rows: Counter[str] = Counter()

    def run(self, on_progress: OnProgress, who: str) -> Restored:
        """Read all of the backup, and put every part of it in its place."""
        entries = self._reader.entries()
        self._header = self._read_header(next(entries, None))
        self._known = {form.name for form in self._header.tables}
        self._target = Target(self._connection, self._header, str(self._connection.engine.url))
        for entry in entries:
            self._take(entry)
            on_progress(self._file.tell() // _MB, self._size // _MB)
        manifest = self._reader.manifest
        if self._images != manifest.images or manifest.rows.keys() != self._known:
            raise self._reader.refusal("its manifest counts other images or tables than it has")
        self._target.finish(manifest.rows, who)
        self._drop_unknown_images()
        inspections = self._rows[InspectionRow.__tablename__]
        return Restored(inspections, self._images, tuple(self._settings))

    def _read_header(self, entry: Entry | None) -> Header:
        if entry is None or entry.name != HEADER:
            raise self._reader.refusal("it is no backup")
        try:
            header = Header.model_validate_json(entry.content)
        except ValidationError as error:
            if any(each["loc"] == ("format",) for each in error.errors()):
                raise RecordsError(
                    f"{self._name}: is not of the form {FORMAT}, so a newer EdgeInspect made it; "
                    "update EdgeInspect first."
                ) from None
            raise self._reader.refusal("its header cannot be read") from None
        check_revision(header.revision, known_revisions(), self._name)
        return header

    def _take(self, entry: Entry) -> None:
        kind, _, rest = entry.name.partition("/")
        if kind == "records":
            self._take_rows(entry, rest.split("/")[0])
        elif kind == "evidence":
            self._take_image(rest, entry.content)
        elif kind == "settings":
            self._write(self._settings_folder / rest, entry)
            self._settings.append(rest)
        else:
            raise self._reader.refusal(f"it holds {entry.name} twice")

    def _take_rows(self, entry: Entry, table: str) -> None:
        if table not in self._known:
            raise self._reader.refusal(f"it holds {entry.name}, of a table that it does not name")
        try:
            rows = list(unpack(entry.content, self._target.kinds(table)))
        except ValueError as error:
            raise self._reader.refusal(f"{entry.name} cannot be read ({error})") from None
        self._rows[table] += len(rows)
        try:
            self._target.insert(table, rows)
        except (DataError, IntegrityError) as error:
            why = f"the database does not take {entry.name} ({sentence(error)})"
            raise self._reader.refusal(why) from None

    def _take_image(self, sha256: str, content: bytes) -> None:
        try:
            check_evidence(sha256, content)
        except EvidenceError as error:
            raise self._reader.refusal(str(error).rstrip(".")) from None
        self._write(place_in(self._image_folder, sha256), Entry(f"evidence/{sha256}", content))
        self._images += 1

    def _drop_unknown_images(self) -> None:
        """Remove images that were copied, and removed by retention before the rows were."""
        kept = set(kept_images(self._connection))
        for path in self._image_folder.glob("??/??/*"):
            if path.name not in kept:
                path.unlink()
                self._images -= 1

    def _write(self, path: Path, entry: Entry) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as file:
                file.write(entry.content)
        except FileExistsError:
            raise self._reader.refusal(f"it holds {entry.name} twice") from None


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
