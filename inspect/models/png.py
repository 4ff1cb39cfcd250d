"""The one kind of PNG that a reference may be: as we write it, and unpacking to what it says."""

import struct
import zlib
from collections.abc import Iterator

from ..core.errors import ModelError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PLAIN = (8, 2, 0, 0, 0)
"""8 bits, red-green-blue, deflate, adaptive filters, not interlaced."""


def check_png(content: bytes, max_pixels: int) -> None:
    """Raise ModelError unless `content` is a plain PNG of at most `max_pixels`.

    Comments, colour profiles and frames of an animation can each hold gigabytes when they are
    unpacked, and so can what follows the last row of the picture: none of it may be there.
    """
    chunks = list(_chunks(content))
    kinds = [kind for kind, _ in chunks]
    packed = b"".join(data for kind, data in chunks if kind == b"IDAT")
    if kinds != [b"IHDR", *[b"IDAT"] * (len(kinds) - 2), b"IEND"] or len(chunks[0][1]) != 13:
        raise ModelError("a reference image is no plain PNG")
    width, height, *form = struct.unpack(">IIBBBBB", chunks[0][1])
    if tuple(form) != PLAIN or not 0 < width * height <= max_pixels:
        raise ModelError("a reference image is no plain PNG, or too large")
    if not _unpacks_to(packed, height * (1 + 3 * width)):
        raise ModelError("a reference image is damaged")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not content.startswith(SIGNATURE):
        raise ModelError("a reference image is no PNG")
    place = len(SIGNATURE)
    while place < len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        yield content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        place += 12 + length


def _unpacks_to(packed: bytes, size_bytes: int) -> bool:
    """Say whether `packed` is a whole deflate stream of just so many bytes."""
    stream = zlib.decompressobj()
    try:
        size = len(stream.decompress(packed, size_bytes))
        more = stream.decompress(stream.unconsumed_tail, 1)
    except zlib.error:
        return False
    return size == size_bytes and not more and stream.eof and not stream.unused_data
