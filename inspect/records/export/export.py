"""Writes the records that pass a filter to a file, a few at a time."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from ...core.errors import RecordsError
from ...core.whole_file import mend_of, replacing
from ..database import Database
from ..queries.inspections import Filters, all_of, how_many
from .columns import Rows, columns_of, rows_of
from .parquet import ParquetWriter, check_can_write
from .sheet import SheetWriter

OnProgress = Callable[[int, int], None]
"""Called with how many inspections are written, and how many there are."""
_SHEET, _PARQUET = ".csv", ".parquet"


def export(
    database: Database,
    filters: Filters,
    rows: Rows,
    output: Path,
    for_excel: bool,
    on_progress: OnProgress,
) -> int:
    """Write what passes `filters` to the new file `output`, CSV or Parquet by its name.

    Return how many rows were written, the oldest first; all are of one moment.
    Raises RecordsError when the file cannot be written, and leaves no part; and DBAPIError.
    """
    _check(output, for_excel)
    try:
        with replacing(output) as file:
            return _write(
                database, filters, rows, _writer(file, output, rows, for_excel), on_progress
            )
    except OSError as error:
        raise RecordsError(
            f"{output}: cannot be written ({error.strerror}); {mend_of(error)}."
        ) from None


def _check(output: Path, for_excel: bool) -> None:
    if output.exists():
        raise RecordsError(f"{output}: is there already; name a new file.")
    if output.suffix not in (_SHEET, _PARQUET):
        raise RecordsError(f"{output}: ends in neither .csv nor .parquet; name it so.")
    if output.suffix == _PARQUET:
        check_can_write()
        if for_excel:
            raise RecordsError(f"{output}: Excel does not read Parquet; name a file in .csv.")


def _writer(
    file: BinaryIO, output: Path, rows: Rows, for_excel: bool
) -> SheetWriter | ParquetWriter:
    if output.suffix == _PARQUET:
        return ParquetWriter(file, columns_of(rows))
    return SheetWriter(file, columns_of(rows), for_excel)


def _write(
    database: Database,
    filters: Filters,
    rows: Rows,
    writer: SheetWriter | ParquetWriter,
    on_progress: OnProgress,
) -> int:
    written = 0
    with closing(writer), database.read() as connection:
        total = how_many(connection, filters)
        with closing(all_of(connection, filters)) as recorded:
            for number, cells in enumerate(rows_of(rows, filters.class_name, recorded), 1):
                writer.write(cells)
                written += len(cells)
                on_progress(number, total)
        writer.finish()
    return written
