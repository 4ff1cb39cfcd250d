"""Rows as lines of JSON, many to a file, each file small enough to hold."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .kinds import Kind, decoder, encoder

MAX_ROWS, FULL_BYTES = 5000, 4 << 20
"""A chunk is full at either; one row more may be in it."""
MAX_PLAIN_BYTES = 16 << 20
_GZIP = 16 + zlib.MAX_WBITS
Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of one table, compressed."""

    content: bytes
    rows: int


def pack(rows: Iterable[Cells], kinds: Sequence[Kind]) -> Iterator[Chunk]:
    """Give the rows in chunks; the cells of a row are in the order of `kinds`."""
    special = [(n, encode) for n, kind in enumerate(kinds) if (encode := encoder(kind))]
    lines: list[bytes] = []
    size = 0
    for row in rows:
        cells = list(row)
        for n, encode in special:
            if cells[n] is not None:
                cells[n] = encode(cells[n])
        line = json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode()
        lines.append(line)
        size += len(line)
        if len(lines) == MAX_ROWS or size >= FULL_BYTES:
            yield _chunk(lines)
            lines, size = [], 0
    if lines:
        yield _chunk(lines)


def unpack(content: bytes, kinds: Sequence[Kind]) -> Iterator[list[Any]]:
    """Give the rows of a chunk, null where a cell is null.

    Raises ValueError for what `pack` did not write, and for what becomes too large.
    """
    decoders = [decoder(kind) for kind in kinds]
    for line in _plain(content).splitlines():
        cells = _cells(line)
        if len(cells) != len(decoders):
            raise ValueError("a row has too many cells, or too few")
        yield [
            None if cell is None else decode(cell)
            for cell, decode in zip(cells, decoders, strict=True)
        ]


def _chunk(lines: list[bytes]) -> Chunk:
    plain = b"\n".join(lines) + b"\n"
    return Chunk(gzip.compress(plain, compresslevel=1, mtime=0), len(lines))


def _plain(content: bytes) -> bytes:
    unpacking = zlib.decompressobj(_GZIP)
    try:
        plain = unpacking.decompress(content, MAX_PLAIN_BYTES)
    except zlib.error:
        raise ValueError("it cannot be unpacked") from None
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("it becomes too large, or has no end")
    return plain


def _cells(line: bytes) -> list[Any]:
    try:
        cells = json.loads(line)
    except RecursionError:
        raise ValueError("a row is nested too deeply") from None
    if not isinstance(cells, list):
        raise ValueError("a row is no list")
    return cells
