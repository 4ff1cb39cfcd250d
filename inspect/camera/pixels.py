"""What a GenICam camera's bytes mean: from its pixel format to the picture that is judged.

Formats are those of the GenICam Pixel Format Naming Convention. Of deep ones, the top eight bits
are kept. A Bayer mosaic is told by its first two pixels, as the convention does.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.errors import CameraError
from ..core.frame import Image

Buffer = bytes | bytearray | memoryview
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a picture lies in memory: `code` of the format, size in pixels.

    `padding` bytes follow each row.
    """

    code: int
    width: int
    height: int
    padding: int = 0


@dataclass(frozen=True, slots=True)
class _Format:
    name: str
    bits: int
    """Of one pixel, in memory."""
    picture: Callable[[Bytes, int], Image]
    """From rows without padding, uint8 (height, bytes), and a width in pixels."""
    group: int = 1
    """A row holds a multiple of so many pixels."""


def to_bgr(data: Buffer, layout: Layout) -> Image:
    """Return the picture in `data` as uint8 (height, width, 3), BGR, in memory of its own.

    Raises CameraError for a format that is not known, and for too few bytes.
    """
    form = FORMATS.get(layout.code)
    if form is None:
        raise CameraError(
            f"pixel format 0x{layout.code:08X} is not known; set `format` to one of {names()}."
        )
    if layout.width % form.group or layout.height < 1:
        raise CameraError(
            f"{form.name} of {layout.width}x{layout.height} pixels cannot be read; "
            f"set a `width` that is a multiple of {form.group}."
        )
    row = layout.width * form.bits // 8
    stride = row + layout.padding
    # After the last row a camera may leave the padding out.
    wanted = stride * (layout.height - 1) + row
    if len(data) < wanted:
        raise CameraError(f"the picture has {len(data)} bytes and should have {wanted}.")
    flat = np.frombuffer(data, np.uint8)
    rows = np.lib.stride_tricks.as_strided(flat, (layout.height, row), (stride, 1))
    return form.picture(rows, layout.width)


def names() -> str:
    """Return the names of all formats that can be read, as a sentence lists them."""
    return ", ".join(form.name for form in FORMATS.values())


def _grey(rows: Bytes) -> Image:
    return np.asarray(cv2.cvtColor(rows, cv2.COLOR_GRAY2BGR), np.uint8)


def _unpacked(bits: int) -> Callable[[Bytes], Bytes]:
    """Read pixels of 16 bits, least byte first, of which `bits` count."""

    def top(rows: Bytes) -> Bytes:
        if bits == 16:
            return np.ascontiguousarray(rows[:, 1::2])
        low, high = rows[:, ::2], rows[:, 1::2]
        return np.asarray((low >> (bits - 8)) | (high << (16 - bits)), np.uint8)

    return top


def _ten_packed(rows: Bytes) -> Bytes:
    """Read four pixels in five bytes, lowest bits first."""
    a, b, c, d, e = (rows[:, start::5] for start in range(5))
    pixels = (a >> 2 | b << 6, b >> 4 | c << 4, c >> 6 | d << 2, e)
    return np.stack(pixels, axis=2).reshape(len(rows), -1)


def _twelve_packed(rows: Bytes) -> Bytes:
    """Read two pixels in three bytes, lowest bits first."""
    a, b, c = (rows[:, start::3] for start in range(3))
    return np.stack((a >> 4 | b << 4, c), axis=2).reshape(len(rows), -1)


def _twelve_of_gige(rows: Bytes) -> Bytes:
    """Read two pixels in three bytes, the low bits of both in the middle one."""
    return np.stack((rows[:, ::3], rows[:, 2::3]), axis=2).reshape(len(rows), -1)


def _as_it_is(rows: Bytes) -> Bytes:
    return rows


def _mono(top: Callable[[Bytes], Bytes]) -> Callable[[Bytes, int], Image]:
    return lambda rows, _width: _grey(top(rows))


def _bayer(top: Callable[[Bytes], Bytes], pattern: int) -> Callable[[Bytes, int], Image]:
    return lambda rows, _width: np.asarray(cv2.cvtColor(top(rows), pattern), np.uint8)


def _colours(count: int, conversion: int | None) -> Callable[[Bytes, int], Image]:
    def picture(rows: Bytes, width: int) -> Image:
        pixels = rows.reshape(len(rows), width, count)  # a copy only where rows are padded
        if conversion is None:
            return pixels.copy()
        return np.asarray(cv2.cvtColor(pixels, conversion), np.uint8)

    return picture


def _yuv(luma: int, blue: int, red: int) -> Callable[[Bytes, int], Image]:
    """Read two pixels in four bytes; brightness from 0 to 255, as GenICam has it."""

    def picture(rows: Bytes, width: int) -> Image:
        full = np.empty((len(rows), width, 3), np.uint8)
        full[:, :, 0] = rows[:, luma::2]
        for channel, start in ((1, blue), (2, red)):
            full[:, ::2, channel] = full[:, 1::2, channel] = rows[:, start::4]
        return np.asarray(cv2.cvtColor(full, cv2.COLOR_YUV2BGR), np.uint8)

    return picture


# OpenCV's short names of mosaics go by the second row and column; these go by the first.
_PATTERNS = {
    "GR": (0x08, 0x0C, 0x10, cv2.COLOR_BayerGRBG2BGR),
    "RG": (0x09, 0x0D, 0x11, cv2.COLOR_BayerRGGB2BGR),
    "GB": (0x0A, 0x0E, 0x12, cv2.COLOR_BayerGBRG2BGR),
    "BG": (0x0B, 0x0F, 0x13, cv2.COLOR_BayerBGGR2BGR),
}

FORMATS: dict[int, _Format] = {
    0x01080001: _Format("Mono8", 8, _mono(_as_it_is)),
    0x01100003: _Format("Mono10", 16, _mono(_unpacked(10))),
    0x01100005: _Format("Mono12", 16, _mono(_unpacked(12))),
    0x01100007: _Format("Mono16", 16, _mono(_unpacked(16))),
    0x010A0046: _Format("Mono10p", 10, _mono(_ten_packed), group=4),
    0x010C0047: _Format("Mono12p", 12, _mono(_twelve_packed), group=2),
    0x010C0006: _Format("Mono12Packed", 12, _mono(_twelve_of_gige), group=2),
    0x02180014: _Format("RGB8", 24, _colours(3, cv2.COLOR_RGB2BGR)),
    0x02180015: _Format("BGR8", 24, _colours(3, None)),
    0x02200016: _Format("RGBa8", 32, _colours(4, cv2.COLOR_RGBA2BGR)),
    0x02200017: _Format("BGRa8", 32, _colours(4, cv2.COLOR_BGRA2BGR)),
    0x0210001F: _Format("YUV422_8_UYVY", 16, _yuv(1, 0, 2), group=2),
    0x02100032: _Format("YUV422_8", 16, _yuv(0, 1, 3), group=2),
}
for _name, (_eight, _ten, _twelve, _pattern) in _PATTERNS.items():
    FORMATS |= {
        0x01080000 | _eight: _Format(f"Bayer{_name}8", 8, _bayer(_as_it_is, _pattern)),
        0x01100000 | _ten: _Format(f"Bayer{_name}10", 16, _bayer(_unpacked(10), _pattern)),
        0x01100000 | _twelve: _Format(f"Bayer{_name}12", 16, _bayer(_unpacked(12), _pattern)),
    }
