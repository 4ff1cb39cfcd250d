"""Reads the serial that is marked on a part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from ..core.frame import Image
from ..core.serial import Code, SerialRules

MAX_LENGTH = 128
MAX_SIDE_PX = 65_535
"""What the reader takes."""
DOUBLED_UP_TO_PX = 400_000
"""Width times height of a region that is looked at twice as large, too."""
SLANTS_DEG = (30.0, 60.0)
"""Turns after which bars are looked for again: they are read along rows and columns alone."""
_FORMATS = {
    Code.DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    Code.QR: zxingcpp.BarcodeFormat.QRCode,
    Code.CODE128: zxingcpp.BarcodeFormat.Code128,
}
_TEXT = {
    zxingcpp.ContentType.Text,
    zxingcpp.ContentType.GS1,
    zxingcpp.ContentType.ISO15434,
}
"""What codes hold that people can read; control characters between fields of the last two are
written as brackets."""
_NAMES = {Code.DATAMATRIX: "DataMatrix", Code.QR: "QR code", Code.CODE128: "Code 128"}

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Reading:
    """A part's serial, or why there is none, in a sentence without its stop."""

    serial: str | None
    trouble: str | None = None


def read_serial(image: Image, rules: SerialRules) -> Reading:
    """Read the codes that `rules` name in `image` (uint8 (height, width, 3), BGR).

    All that are in view must say the same: which of two is the serial is not guessed. Without a
    region the picture is looked at once; in a region, where a code must be, with more patience.
    """
    if not rules.codes:
        return Reading(None, "the recipe reads no code")
    part = _within(image, rules.region_px)
    if isinstance(part, str):
        return Reading(None, part)
    grey = np.asarray(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), np.uint8)
    tries = (grey,) if rules.region_px is None else _tries(grey, rules.codes)
    for each in tries:
        if found := _found(each, rules.codes):
            return _one_of(found)
    names = " or ".join(_NAMES[code] for code in rules.codes)
    return Reading(None, f"no {names} can be read")


def _within(image: Image, region_px: tuple[int, int, int, int] | None) -> Image | str:
    """Return what is looked at, or why that cannot be."""
    height, width = image.shape[:2]
    if region_px is not None:
        left, top, right, bottom = region_px
        if right > width or bottom > height:
            return (
                f"the region of the code ends at {right} x {bottom}, "
                f"the frame at {width} x {height} pixels"
            )
        image = image[top:bottom, left:right]
    if max(image.shape) > MAX_SIDE_PX:
        return f"the frame is longer than {MAX_SIDE_PX} pixels"
    return image


def _tries(grey: Grey, codes: Sequence[Code]) -> Iterator[Grey]:
    """Give the picture as it is, then as noise, small codes and slanting bars want it."""
    yield grey
    yield np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), np.uint8)
    if grey.size <= DOUBLED_UP_TO_PX:
        twice = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        yield np.asarray(twice, np.uint8)
    if Code.CODE128 in codes:
        yield from (_turned(grey, turn_deg) for turn_deg in SLANTS_DEG)


def _turned(grey: Grey, turn_deg: float) -> Grey:
    height, width = grey.shape
    side = int(np.ceil(np.hypot(height, width)))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, 1)
    turn[:, 2] += side / 2 - width / 2, side / 2 - height / 2
    turned = cv2.warpAffine(grey, turn, (side, side), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)


def _found(grey: Grey, codes: Sequence[Code]) -> dict[str, bool]:
    """Return what codes say, and whether that is text."""
    formats = zxingcpp.BarcodeFormats([_FORMATS[code] for code in codes])
    found = zxingcpp.read_barcodes(grey, formats=formats)
    said = {each.text.strip(): each.content_type in _TEXT for each in found}
    return {text: said[text] for text in sorted(said) if text}


def _one_of(found: Mapping[str, bool]) -> Reading:
    if len(found) > 1:
        said = ", ".join(map(_shown, found))
        return Reading(None, f"{len(found)} codes in view say different things: {said}")
    ((text, is_text),) = found.items()
    if len(text) > MAX_LENGTH:
        return Reading(None, f"its code says {len(text)} characters, a serial at most {MAX_LENGTH}")
    if not (is_text and text.isprintable()):
        return Reading(None, f"its code says what is no text: {_shown(text)}")
    return Reading(text)


def _shown(text: str) -> str:
    shown = text if text.isprintable() else ascii(text)
    return shown if len(shown) <= 40 else f"{shown[:40]}..."
