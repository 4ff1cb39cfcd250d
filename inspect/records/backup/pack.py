"""Makes a backup of one state of the records, while the server goes on recording.

Images are copied first, then the rows, all of one later moment, then what images came in between:
so an image that a row speaks of is there even where retention removes some meanwhile.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, func, inspect, select
from sqlalchemy import Table as SqlTable

from ...core.clock import utc_now
from ...core.errors import RecordsError
from ...core.version import VERSION
from ...core.whole_file import mend_of, replacing
from ..database import Database
from ..evidence_store import DamagedEvidenceError, EvidenceStore
from ..migrate import revision_of
from ..tables import InspectionRow, Table
from .archive import ArchiveWriter
from .chunks import pack
from .forms import HEADER, Header, Manifest, TableForm
from .images import EVIDENCE, READ_AT_ONCE, is_kept, kept_images
from .kinds import kind_of

OnProgress = Callable[[int, int], None]
"""Called with how many rows and images are in the backup, and about how many there are."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds, and which images it could not have.

    `missing` images were gone or damaged before, as `records verify` says too.
    """

    inspections: int
    images: int
    missing: int


def back_up(
    database: Database,
    evidence: EvidenceStore,
    settings: Mapping[str, bytes],
    output: Path,
    on_progress: OnProgress,
) -> BackedUp:
    """Write the records, their images and `settings`, files by name, to the new file `output`.

    It is there whole, for its owner alone to read, or not at all.
    Raises RecordsError when it cannot be written, sqlalchemy's DBAPIError.
    """
    if output.exists():
        raise RecordsError(f"{output}: is there already; name a new file.")
    try:
        with replacing(output, 0o600) as file:
            made_at = utc_now()
            writer = ArchiveWriter(file, int(made_at.timestamp()))
            backup = _Backup(database, evidence, writer, on_progress)
            with database.read() as connection:
                header = Header(
                    made_at=made_at,
                    made_by=VERSION,
                    revision=revision_of(connection),
                    tables=tuple(map(_form, _tables(connection))),
                )
            return backup.write(header, settings)
    except OSError as error:
        named = error.filename or output
        raise RecordsError(
            f"{named}: cannot be read or written ({error.strerror}), and no backup was made; "
            f"{mend_of(error)}."
        ) from None


class _Backup:
    """One backup that is being written."""

    def __init__(
        self,
        database: Database,
        evidence: EvidenceStore,
        writer: ArchiveWriter,
        on_progress: OnProgress,
    ) -> None:
        self._database = database
        self._evidence = evidence
        self._writer = writer
        self._on_progress = on_progress
        self._images: set[bytes] = set()
        self._done = self._total = self._missing = 0

    def write(self, header: Header, settings: Mapping[str, bytes]) -> BackedUp:
        """Write everything."""
        self._writer.add(HEADER, header.model_dump_json(indent=2).encode())
        for name, content in settings.items():
            self._writer.add(f"settings/{name}", content)
        with self._database.read() as connection:
            self._total = sum(_count(connection, table) for table in _tables(connection))
            with closing(kept_images(connection)) as digests:
                for sha256 in digests:
                    self._add_image(sha256)
        with self._database.read() as connection:
            rows = {table.name: self._add(connection, table) for table in _tables(connection)}
        writer, images = self._writer, len(self._images)
        writer.finish(Manifest(files=writer.files, bytes=writer.bytes, images=images, rows=rows))
        return BackedUp(rows[InspectionRow.__tablename__], images, self._missing)

    def _add(self, connection: Connection, table: SqlTable) -> int:
        total = 0
        kinds = [kind_of(column.type) for column in table.c]
        with closing(self._rows(connection, table)) as rows:
            for number, chunk in enumerate(pack(rows, kinds)):
                self._writer.add(f"records/{table.name}/{number:06}.jsonl.gz", chunk.content)
                total += chunk.rows
                self._note(chunk.rows)
        return total

    def _rows(self, connection: Connection, table: SqlTable) -> Generator[Row[Any], None, None]:
        query = select(*table.c).order_by(*table.primary_key)
        with connection.execute(query.execution_options(yield_per=READ_AT_ONCE)) as rows:
            for row in rows:
                if table is EVIDENCE and is_kept(row) and not self._has(row.sha256):
                    self._add_image(row.sha256)
                    self._missing += not self._has(row.sha256)
                yield row

    def _add_image(self, sha256: str) -> None:
        with suppress(DamagedEvidenceError):
            content = self._evidence.read(sha256)
            if content is not None:
                self._writer.add(f"evidence/{sha256}", content)
                self._images.add(bytes.fromhex(sha256))
        self._note(1)

    def _has(self, sha256: str) -> bool:
        return bytes.fromhex(sha256) in self._images

    def _note(self, more: int) -> None:
        self._done += more
        self._on_progress(self._done, max(self._done, self._total))


def _tables(connection: Connection) -> list[SqlTable]:
    """Return every table of the records, each behind those that it refers to."""
    known = Table.metadata.sorted_tables
    if connection.dialect.name == "sqlite":  # there every table is one of ours
        there = set(inspect(connection).get_table_names()) - {"alembic_version"}
        assert there == {table.name for table in known}, there
    return known


def _form(table: SqlTable) -> TableForm:
    return TableForm(name=table.name, columns=tuple(table.c.keys()))


def _count(connection: Connection, table: SqlTable) -> int:
    """Return the rows of a table, those of images twice: they have a file too."""
    rows = connection.scalar(select(func.count()).select_from(table)) or 0
    return 2 * rows if table is EVIDENCE else rows
