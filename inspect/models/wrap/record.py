"""The references of a wrapped model: pictures of its own kind, and its own answers to them."""

from collections.abc import Sequence

import cv2
import numpy as np

from ...core.frame import Image
from ...core.manifest import ModelManifest
from ..answer import Answer
from ..naming import Naming
from ..placed import Placed
from ..placement import place
from ..reference import Reference
from ..runtime import Session

MOST_PIXELS = 400_000
"""Of a reference; as many of pure noise are 1.2 MB of PNG."""
ENLARGED = 0.6
"""The second reference is smaller than the input by this, so that it is enlarged."""


def record_references(
    images: Sequence[Image], session: Session, manifest: ModelManifest
) -> tuple[Reference, ...]:
    """Record two answers of `session`: to the image of the highest score, and to one made small.

    At least one image is needed.
    """
    scores = [_answer(image, session, manifest)[1].score for image in images]
    order = np.argsort(scores)[::-1]
    first, second = images[order[0]], images[order[min(1, len(order) - 1)]]
    side_px = ENLARGED * min(manifest.input_width_px, manifest.input_height_px)
    pictures = _shrunk(first, MOST_PIXELS), _shrunk(second, int(side_px * side_px))
    return tuple(_record(picture, session, manifest) for picture in pictures)


def _record(picture: Image, session: Session, manifest: ModelManifest) -> Reference:
    placed, answer = _answer(picture, session, manifest)
    value, naming = manifest.threshold.value, Naming.of(manifest)
    return Reference.recorded(picture, placed, answer, value, naming)


def _answer(image: Image, session: Session, manifest: ModelManifest) -> tuple[Placed, Answer]:
    placed = place(image, manifest)
    return placed, session.run(placed.pixels)


def _shrunk(image: Image, most_pixels: int) -> Image:
    height, width = image.shape[:2]
    ratio = min(1.0, (most_pixels / (height * width)) ** 0.5)
    size = max(1, int(width * ratio)), max(1, int(height * ratio))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
