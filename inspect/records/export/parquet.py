"""Parquet, through pyarrow, an extra; rows are held until there are enough for a group."""

from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, BinaryIO

from ...core.errors import RecordsError
from .columns import Cells, Column, Kind

GROUP = 20_000
"""Rows that are written, and held, together."""


def check_can_write() -> None:
    """Raise RecordsError when what writes Parquet is not installed."""
    if find_spec("pyarrow") is None:
        raise RecordsError(
            "Parquet is written with pyarrow, which is missing; install the extra `parquet`, as in "
            "pip install edgeinspect[parquet], or name a file that ends in .csv."
        )


class ParquetWriter:
    """Writes rows as they come; `check_can_write` must have passed."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column]) -> None:
        import pyarrow
        from pyarrow import parquet

        kinds: dict[Kind, Any] = {
            Kind.TEXT: pyarrow.string(),
            Kind.WHOLE: pyarrow.int64(),
            Kind.NUMBER: pyarrow.float64(),
            Kind.MOMENT: pyarrow.timestamp("us", tz="UTC"),
        }
        self._schema = pyarrow.schema([(column.name, kinds[column.kind]) for column in columns])
        self._table = pyarrow.Table.from_arrays
        self._array = pyarrow.array
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[Cells] = []

    def write(self, rows: list[Cells]) -> None:
        """Write rows, or hold them for a while."""
        self._rows += rows
        if len(self._rows) >= GROUP:
            self._write_group()

    def finish(self) -> None:
        """Write what is still held, and the end."""
        if self._rows:
            self._write_group()
        self._writer.close()

    def close(self) -> None:
        """Let go of the file, which stays open; call `finish` before."""
        with suppress(OSError):  # a disk that is full was told of before
            self._writer.close()
        self._writer.is_open = False

    def _write_group(self) -> None:
        cells = zip(*self._rows, strict=True)
        arrays = [
            self._array(column, type=field.type)
            for column, field in zip(cells, self._schema, strict=True)
        ]
        self._writer.write_table(self._table(arrays, schema=self._schema))
        self._rows = []
