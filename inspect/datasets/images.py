"""The one way an image file becomes pixels."""

import io
from pathlib import Path

import cv2
import imagesize
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from ..core.errors import DatasetError, ImageError
from ..core.frame import Image
from ..core.regular_file import read_regular_file

SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
MAX_BYTES = 200_000_000
MAX_PIXELS = 100_000_000
MAX_SIDE_PX = 32_000
"""No camera gives more, and what reads codes in images ends at 65,535."""


def list_images(folder: Path) -> tuple[Path, ...]:
    """Return the image files anywhere under `folder`, in the order of their names.

    Raises DatasetError when there is no such folder or no image in it.
    """
    check_folder(folder, "a folder of images")
    images = tuple(sorted(path for path in folder.rglob("*") if is_image(path)))
    if not images:
        kinds = " ".join(sorted(SUFFIXES))
        raise DatasetError(f"{folder}: no images in it; put some there ({kinds}).")
    return images


def check_folder(folder: Path, wanted: str) -> None:
    """Raise DatasetError unless `folder` is one, asking for what is `wanted` instead."""
    if folder.is_file():
        raise DatasetError(f"{folder}: a file, not a folder; name {wanted}.")
    if not folder.is_dir():
        raise DatasetError(f"{folder}: no such folder; name {wanted}.")


def is_image(path: Path) -> bool:
    """Say whether `path` is a file that is named like an image."""
    return path.suffix.lower() in SUFFIXES and path.is_file()


def read_image(path: Path) -> Image:
    """Return the pixels of an image file: uint8 (height, width, 3), BGR; grey is repeated.

    Raises ImageError for a file that is missing, cut short, too large, not an image, or not of
    8 bits a channel.
    """
    try:
        content = read_regular_file(path, MAX_BYTES + 1)
    except OSError as error:
        raise ImageError(f"{path}: cannot be read ({error.strerror}); check the file.") from None
    if len(content) > MAX_BYTES:
        raise ImageError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB; save it smaller.")
    return decode_image(content, str(path))


def decode_image(content: bytes, name: str, max_pixels: int = MAX_PIXELS) -> Image:
    """Return the pixels of an encoded image, as `read_image` does; `name` is for its errors."""
    _check_header(content, name, max_pixels)
    _check_complete(content, name)
    pixels = _decode(content)
    if pixels is None:
        raise ImageError(f"{name}: damaged, it cannot be decoded; replace the file.")
    if pixels.dtype != np.uint8:
        raise ImageError(f"{name}: {pixels.dtype.itemsize * 8} bits a channel; save it with 8.")
    return _to_bgr(pixels.astype(np.uint8, copy=False))


def _check_header(content: bytes, name: str, max_pixels: int) -> None:
    width, height = imagesize.get(io.BytesIO(content))
    if width <= 0 or height <= 0:
        raise ImageError(f"{name}: not an image, whatever its name says; remove or replace it.")
    if max(width, height) > MAX_SIDE_PX:
        raise ImageError(f"{name}: {width}x{height}, a side is over {MAX_SIDE_PX:,} px; cut it up.")
    if width * height > max_pixels:
        limit = max_pixels / 1_000_000
        raise ImageError(f"{name}: {width}x{height} is over {limit:.0f} megapixels; scale it down.")


def _check_complete(content: bytes, name: str) -> None:
    """Raise ImageError for what OpenCV would fill in: grey for a hole in a JPEG may pass.

    PNG has checksums. A JPEG has none, but what cannot be its picture data is noticed, and most
    damage leads to that. TIFF and BMP have nothing: zeros inside them look like black.
    """
    if content.startswith(b"\x89P") and b"IEND" not in content[-4096:]:
        raise ImageError(f"{name}: cut short, its end is missing; copy the file again.")
    if content.startswith(b"\xff\xd8"):
        try:
            _decode_strictly(content)
        except ValueError:
            raise ImageError(f"{name}: cut short or damaged; copy the file again.") from None


def _decode_strictly(content: bytes) -> None:
    """Raise ValueError where libjpeg would only warn; an eighth of the size is enough for that."""
    space = simplejpeg.decode_jpeg_header(content)[2]
    colours = "CMYK" if space in ("CMYK", "YCCK") else "GRAY"
    simplejpeg.decode_jpeg(content, colours, min_height=1, min_width=1, min_factor=8)


def _decode(content: bytes) -> NDArray[np.generic] | None:
    try:
        return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None


def _to_bgr(pixels: Image) -> Image:
    if pixels.ndim == 2:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False)
    return np.ascontiguousarray(pixels[:, :, :3])
