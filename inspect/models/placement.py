"""How a frame is laid into a model's input: teaching, line and proof all do it here."""

from ..core.frame import Image
from ..core.manifest import ModelManifest
from ..core.upright import Uprighting
from .letterbox import letterboxed, letterboxed_in_corner
from .placed import Placed, stretched
from .upright.upright import place_upright


def place(image: Image, manifest: ModelManifest) -> Placed:
    """Lay `image`, uint8 (height, width, 3), BGR, into the input as the manifest says."""
    size = manifest.input_width_px, manifest.input_height_px
    if manifest.resize == "letterbox-114":
        return letterboxed(image, *size)
    if manifest.resize == "letterbox-114-corner":
        return letterboxed_in_corner(image, *size)
    return laid(image, *size, manifest.upright)


def laid(image: Image, width_px: int, height_px: int, upright: Uprighting | None) -> Placed:
    """Lay `image` into (height_px, width_px, 3): its part upright, or the whole frame."""
    if upright is None:
        return stretched(image, width_px, height_px)
    return place_upright(image, width_px, height_px, upright)
