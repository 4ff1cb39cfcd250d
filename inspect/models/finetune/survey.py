"""Looks at every image of a data set once, before anything is taught from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ...core.errors import DatasetError, ImageError
from ...core.frame import Image
from ...core.identity import Sha256, digest
from ...core.manifest import TaughtFrames
from ...core.regular_file import read_regular_file
from ...datasets.images import MAX_BYTES, decode_image
from ...datasets.labels.boxes import BoxedImage
from ..frame_kinds import kind_of
from ..progress import OnProgress, silent


@dataclass(frozen=True, slots=True)
class Seen:
    """The digest of an image's pixels, its kind, and whether the trainer would read it alike."""

    sha256: Sha256
    kind: TaughtFrames
    alike: bool


def survey(images: Iterable[BoxedImage], on_progress: OnProgress = silent) -> Mapping[Path, Seen]:
    """Look at every image. Raises ImageError for one that cannot be read, or whose size is not
    the one its labels were read with.
    """
    paths = {image.path: image for image in images}
    seen = {}
    for done, (path, image) in enumerate(paths.items(), 1):
        seen[path] = _look(path, image)
        on_progress(done, len(paths))
    return seen


def without_twins(
    images: tuple[BoxedImage, ...], seen: Mapping[Path, Seen]
) -> tuple[BoxedImage, ...]:
    """Return the images, of those with the same pixels in one split only the first.

    Raises DatasetError when such twins have different boxes.
    """
    first: dict[tuple[Sha256, object], BoxedImage] = {}
    for image in images:
        twin = first.setdefault((seen[image.path].sha256, image.split), image)
        if twin.boxes != image.boxes:
            raise DatasetError(
                f"{image.path}: the same picture as {twin.path}, with other boxes; keep the one "
                "that is labelled right."
            )
    return tuple(first.values())


def _look(path: Path, image: BoxedImage) -> Seen:
    try:
        content = read_regular_file(path, MAX_BYTES)
    except OSError as error:
        raise ImageError(f"{path}: cannot be read ({error.strerror}); check the file.") from None
    pixels = decode_image(content, str(path))
    if _is_turned(content):
        raise ImageError(
            f"{path}: carries a note to turn it (EXIF), and nobody can tell which way its boxes "
            "were drawn; save it turned, without the note, and label that."
        )
    if pixels.shape[:2] != (image.height_px, image.width_px):
        height, width = pixels.shape[:2]
        raise ImageError(
            f"{path}: its header says {image.width_px}x{image.height_px}, its picture is "
            f"{width}x{height}; save it again."
        )
    return Seen(digest(pixels.tobytes()), kind_of(pixels), _reads_alike(content, pixels))


def _is_turned(content: bytes) -> bool:
    """Say whether a picture looks another way where its camera's note is heeded: here it is not."""
    heeded = _decoded(content, cv2.IMREAD_COLOR)
    plain = _decoded(content, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    return not np.array_equal(heeded, plain)


def _reads_alike(content: bytes, pixels: Image) -> bool:
    """Say whether the trainer would see these very pixels, and leave the file as it is.

    It repairs in place what it takes for damage: a JPEG that goes on after its end.
    """
    if content.startswith(b"\xff\xd8") and not content.endswith(b"\xff\xd9"):
        return False
    return np.array_equal(_decoded(content, cv2.IMREAD_COLOR), pixels)


def _decoded(content: bytes, flags: int) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(content, np.uint8), flags), np.uint8)
