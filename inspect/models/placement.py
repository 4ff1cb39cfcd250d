"""How a frame is laid into a model's input: teaching, line and proof all do it here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np

from ..core.frame import Image
from ..core.manifest import ModelManifest
from ..core.region import Region
from ..core.upright import Uprighting
from .letterbox import letterboxed, letterboxed_in_corner
from .placed import Mask, Placed, stretched
from .region import Cut, cut_out
from .upright.upright import place_upright


@dataclass(frozen=True, slots=True)
class Laying:
    """What of a frame is laid into the input: a region or all of it, the part in it turned upright
    or as it lies.
    """

    region: Region | None = None
    upright: Uprighting | None = None

    @classmethod
    def of(cls, manifest: ModelManifest) -> Self:
        """Return how a model's frames are laid."""
        return cls(manifest.region, manifest.upright)


WHOLE = Laying()


def place(image: Image, manifest: ModelManifest) -> Placed:
    """Lay `image`, uint8 (height, width, 3), BGR, into the input as the manifest says."""
    size = manifest.input_width_px, manifest.input_height_px
    if manifest.resize == "letterbox-114":
        return _in_region(image, manifest.region, lambda part: letterboxed(part, *size))
    if manifest.resize == "letterbox-114-corner":
        return _in_region(image, manifest.region, lambda part: letterboxed_in_corner(part, *size))
    return laid(image, *size, Laying.of(manifest))


def laid(image: Image, width_px: int, height_px: int, laying: Laying) -> Placed:
    """Lay `image` into (height_px, width_px, 3): its part upright, or all of the region."""

    def lay(part: Image) -> Placed:
        if laying.upright is None:
            return stretched(part, width_px, height_px)
        return place_upright(part, width_px, height_px, laying.upright)

    return _in_region(image, laying.region, lay)


def _in_region(image: Image, region: Region | None, lay: Callable[[Image], Placed]) -> Placed:
    """Lay what the region leaves of a frame; the way back leads to the whole frame."""
    if region is None:
        return lay(image)
    cut = cut_out(image, region)
    placed = lay(cut.pixels)
    shift = np.array([[0, 0, cut.left_px], [0, 0, cut.top_px]], np.float64)
    height, width = image.shape[:2]
    return replace(
        placed,
        to_frame=placed.to_frame + shift,
        frame_width_px=width,
        frame_height_px=height,
        inside=_inside(cut, placed),
    )


def _inside(cut: Cut, placed: Placed) -> Mask | None:
    """Return what of the input shows the region."""
    if cut.inside is None:
        return placed.inside
    turned, corner = placed.to_frame[:, :2], placed.to_frame[:, 2]
    # Positions count from the corner of a pixel, OpenCV's from its middle.
    middle = corner + turned @ np.array([0.5, 0.5]) - 0.5
    affine = np.concatenate([turned, middle[:, None]], axis=1)
    size, flags = placed.pixels.shape[1::-1], cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(cut.inside, affine, size, flags=flags), np.uint8)
