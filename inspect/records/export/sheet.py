"""CSV (RFC 4180, UTF-8), which a spreadsheet may open without running what is in it."""

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, BinaryIO

from .columns import Cells, Column, Kind

_BOM = b"\xef\xbb\xbf"
_BEGINS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_QUOTE = "'"


class SheetWriter:
    """Writes rows as they come; with `for_excel` Excel knows that they are UTF-8.

    A text that a spreadsheet would take for a formula gets an apostrophe before it. Milliseconds
    are rounded to 0.001.
    """

    def __init__(self, file: BinaryIO, columns: Sequence[Column], for_excel: bool) -> None:
        if for_excel:
            file.write(_BOM)
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
        self._csv = csv.writer(self._text)
        self._texts = [n for n, column in enumerate(columns) if column.kind is Kind.TEXT]
        self._moments = [n for n, column in enumerate(columns) if column.kind is Kind.MOMENT]
        self._durations = [n for n, column in enumerate(columns) if column.name.endswith("_ms")]
        self._csv.writerow([column.name for column in columns])

    def write(self, rows: list[Cells]) -> None:
        """Write rows."""
        for row in rows:
            for n in self._texts:
                row[n] = harmless(row[n])
            for n in self._moments:
                row[n] = _written(row[n])
            for n in self._durations:
                row[n] = _to_a_microsecond(row[n])
        self._csv.writerows(rows)

    def finish(self) -> None:
        """Write what is still held."""
        self._text.flush()

    def close(self) -> None:
        """Let go of the file, which stays open; call `finish` before."""
        with suppress(OSError):
            self._text.detach()


def harmless(text: Any) -> Any:
    """Return a text so that no spreadsheet takes it for a formula."""
    if text is not None and text.lstrip(" ").startswith(_BEGINS_A_FORMULA):
        return _QUOTE + text
    return text


def _written(moment: datetime) -> str:
    """Return a moment in UTC as spreadsheets read it, in milliseconds, which is all they know."""
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")


def _to_a_microsecond(milliseconds: float | None) -> float | None:
    """Return a duration without the digits that no clock of ours measures."""
    return None if milliseconds is None else round(milliseconds, 3)
