"""From a picture to the evidence that is kept of it."""

import cv2

from ..core.frame import Image
from ..core.identity import digest
from ..core.inspection import Evidence
from ..core.limits import MAX_EVIDENCE_BYTES

Picture = tuple[Evidence, bytes]
"""What an inspection says of an image, and the encoded image."""
JPEG_MAX_SIDE_PX = 65_500


def encode(image: Image, quality: int, most_bytes: int = MAX_EVIDENCE_BYTES) -> Picture | None:
    """Return `image` as a JPEG of at most `most_bytes`, and what an inspection says of it.

    A picture too large for that is halved until it fits; None when it cannot be encoded at all.
    """
    while max(image.shape[:2]) > JPEG_MAX_SIDE_PX:
        image = _halved(image)
    while (content := _jpeg(image, quality)) is not None and len(content) > most_bytes:
        image = _halved(image)
    if content is None:
        return None
    height, width = image.shape[:2]
    described = Evidence(sha256=digest(content), width=width, height=height, bytes=len(content))
    return described, content


def _jpeg(image: Image, quality: int) -> bytes | None:
    try:
        encoded, buffer = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    except cv2.error:
        return None
    return buffer.tobytes() if encoded else None


def _halved(image: Image) -> Image:
    height, width = image.shape[:2]
    size = max(1, width // 2), max(1, height // 2)
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(image.dtype, copy=False)
