"""Makes a backup of one state of the records, while the server goes on recording."""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy import Table as SqlTable

from ...core.clock import utc_now
from ...core.errors import RecordsError
from ...core.identity import digest
from ...core.version import VERSION
from ...core.whole_file import replacing
from ..database import Database
from ..evidence_store import EvidenceStore
from ..migrate import revision_of
from ..tables import EvidenceRow, InspectionRow, Table
from .archive import ArchiveWriter
from .chunks import pack
from .forms import HEADER, Header, Manifest, TableForm
from .kinds import kind_of

READ_AT_ONCE = 1000
OnProgress = Callable[[int, int], None]
"""Called with how many rows and images are in the backup, and how many there are."""
_EVIDENCE: SqlTable = Table.metadata.tables[EvidenceRow.__tablename__]


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
        with replacing(output, 0o600) as file, database.read() as connection:
            made_at = utc_now()
            writer = ArchiveWriter(file, int(made_at.timestamp()))
            backup = _Backup(database, connection, evidence, writer, on_progress)
            header = Header(
                made_at=made_at,
                made_by=VERSION,
                revision=revision_of(connection),
                tables=tuple(map(backup.form, Table.metadata.sorted_tables)),
            )
            return backup.write(header, settings)
    except OSError as error:
        named = error.filename or output
        raise RecordsError(
            f"{named}: cannot be read or written ({error.strerror}), and no backup was made; "
            "free space there, or correct its rights."
        ) from None


class _Backup:
    """One backup that is being written."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        evidence: EvidenceStore,
        writer: ArchiveWriter,
        on_progress: OnProgress,
    ) -> None:
        self._database = database
        self._connection = connection
        self._evidence = evidence
        self._writer = writer
        self._on_progress = on_progress
        self._done = self._total = self._images = self._missing = 0

    def form(self, table: SqlTable) -> TableForm:
        """Describe a table, and count its rows."""
        rows = self._connection.scalar(select(func.count()).select_from(table)) or 0
        return TableForm(name=table.name, columns=tuple(table.c.keys()), rows=rows)

    def write(self, header: Header, settings: Mapping[str, bytes]) -> BackedUp:
        """Write everything; the images come with their rows, last."""
        self._total = sum(form.rows for form in header.tables)
        self._writer.add(HEADER, header.model_dump_json(indent=2).encode())
        tables = [table for table in Table.metadata.sorted_tables if table is not _EVIDENCE]
        rows = {table.name: self._add(table, self._rows(table)) for table in tables}
        for name, content in settings.items():
            self._writer.add(f"settings/{name}", content)
        rows[_EVIDENCE.name] = self._add(_EVIDENCE, self._rows_with_images())
        writer = self._writer
        writer.finish(
            Manifest(files=writer.files, bytes=writer.bytes, images=self._images, rows=rows)
        )
        return BackedUp(rows[InspectionRow.__tablename__], self._images, self._missing)

    def _add(self, table: SqlTable, rows: Generator[Row[Any], None, None]) -> int:
        total = 0
        kinds = [kind_of(column.type) for column in table.c]
        with closing(rows):
            for number, chunk in enumerate(pack(rows, kinds)):
                self._writer.add(f"records/{table.name}/{number:06}.jsonl.gz", chunk.content)
                total += chunk.rows
                self._done += chunk.rows
                self._on_progress(self._done, self._total)
        return total

    def _rows(self, table: SqlTable) -> Generator[Row[Any], None, None]:
        reading = self._connection.execution_options(yield_per=READ_AT_ONCE)
        with reading.execute(_all(table)) as rows:
            yield from rows

    def _rows_with_images(self) -> Generator[Row[Any], None, None]:
        for row in self._rows(_EVIDENCE):
            if row.stored_at is None or self._add_image(row.sha256):
                yield row
            else:
                yield from self._row_now(row.sha256)

    def _add_image(self, sha256: str) -> bool:
        content = self._evidence.read(sha256)
        if content is None or digest(content) != sha256:
            return False
        self._writer.add(f"evidence/{sha256}", content)
        self._images += 1
        return True

    def _row_now(self, sha256: str) -> Iterator[Row[Any]]:
        """Give what is said now of an image that is not there; it may have been let go."""
        with self._database.read() as connection:
            query = _all(_EVIDENCE).where(_EVIDENCE.c.sha256 == sha256)
            now = connection.execute(query).one_or_none()
        if now is not None:
            self._missing += now.stored_at is not None
            yield now


def _all(table: SqlTable) -> Select[Any]:
    return select(*table.c).order_by(*table.primary_key)
