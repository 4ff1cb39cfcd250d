"""Reads the serial that is marked on a part."""

import zxingcpp

from ..core.frame import Image

MAX_LENGTH = 128
MAX_SIDE_PX = 65_535
"""What the reader takes."""
_FORMATS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.DataMatrix)


def read_serial(image: Image) -> str | None:
    """Return the text of the DataMatrix in `image` (uint8 (height, width, 3), BGR), if any.

    None when there is no readable code, several that disagree, or too large an image.
    """
    if max(image.shape) > MAX_SIDE_PX:
        return None
    codes = zxingcpp.read_barcodes(image, formats=_FORMATS)
    texts = {code.text.strip() for code in codes}
    texts.discard("")
    if len(texts) != 1:
        return None
    text = texts.pop()
    return text if len(text) <= MAX_LENGTH and text.isprintable() else None
