"""The references a new model carries: small pictures that walk every branch of the path."""

from collections.abc import Sequence

import cv2
import numpy as np

from ...core.frame import Image
from ...core.manifest import ModelManifest
from ...core.region import Region
from ..naming import Naming
from ..placement import place
from ..reference import Reference
from ..region import cut_out
from ..runtime import Session
from .form import Size

SMALL_SIDE_PX = 96
MOST_SIDE_PX = 1024


def reference_pictures(
    large: Image, small: Image, size: Size, region: Region | None = None
) -> tuple[Image, ...]:
    """Return two pictures made from two of the images a model is taught on.

    One is large enough to be halved and then shrunk, where that is not too large to keep; one is
    small, so it is enlarged, and carries a mark that stands out.
    """
    share = 1.0 if region is None else _share_of(region)
    side_px = round((2 * max(size.width_px, size.height_px) + 8) / share)
    return (
        _with_shorter_side(large, side_px if side_px <= MOST_SIDE_PX else MOST_SIDE_PX // 2),
        _marked(_with_shorter_side(small, SMALL_SIDE_PX), region),
    )


def record_references(
    pictures: Sequence[Image], session: Session, manifest: ModelManifest
) -> tuple[Reference, ...]:
    """Record the answers of `session` to the pictures."""
    return tuple(_record(picture, session, manifest) for picture in pictures)


def _record(picture: Image, session: Session, manifest: ModelManifest) -> Reference:
    placed = place(picture, manifest)
    answer = session.run(placed.pixels)
    value, naming = manifest.threshold.value, Naming.of(manifest)
    return Reference.recorded(picture, placed, answer, value, naming)


def _with_shorter_side(image: Image, side_px: int) -> Image:
    height, width = image.shape[:2]
    ratio = side_px / min(height, width)
    size = min(MOST_SIDE_PX, round(width * ratio)), min(MOST_SIDE_PX, round(height * ratio))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _share_of(region: Region) -> float:
    """Return how much of a frame's sides the region's box is, of the lesser one."""
    left, top, right, bottom = region.box_px
    return min((right - left) / region.frame_width_px, (bottom - top) / region.frame_height_px)


def _marked(image: Image, region: Region | None) -> Image:
    """Return a copy with a square of opposite brightness, off the middle of what is judged."""
    marked = image.copy()
    side = min(image.shape[:2]) // 6
    if region is not None:
        cut = cut_out(image, region)
        middle_px = cut.top_px + cut.pixels.shape[0] // 2, cut.left_px + cut.pixels.shape[1] // 2
        half = max(1, min(cut.pixels.shape[:2]) // 12)
        square = tuple(slice(at - half, at + half) for at in middle_px)
        marked[square] = 255 - marked[square]
        return marked
    marked[side : 2 * side, side : 2 * side] = 255 - marked[side : 2 * side, side : 2 * side]
    return marked
