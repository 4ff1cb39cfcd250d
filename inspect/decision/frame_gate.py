"""Whether a frame is of the kind a model was taught on."""

from ..core.frame import Image
from ..core.manifest import TaughtFrames
from ..core.reason import Reason, ReasonCode
from ..core.region import Region

SIZE_TOLERANCE = 1.5
"""A frame may be this many times larger or smaller than any the model was taught on."""


def unlike_taught(image: Image, taught: TaughtFrames) -> Reason | None:
    """Return why `image` cannot be judged by a model taught on other frames, or None."""
    height, width = image.shape[:2]
    if not (
        _near(width, taught.min_width_px, taught.max_width_px)
        and _near(height, taught.min_height_px, taught.max_height_px)
    ):
        text = f"the frame is {width}x{height}, the model was taught on {_sizes(taught)}"
        return Reason(code=ReasonCode.FRAME_UNLIKE_TAUGHT, text=text)
    if is_grey(image) and not taught.grey:
        text = "the frame is grey, the model was taught on colour"
        return Reason(code=ReasonCode.FRAME_UNLIKE_TAUGHT, text=text)
    return None


def unlike_region(image: Image, region: Region | None) -> Reason | None:
    """Return why the region a model judges is not where it was drawn in `image`, or None."""
    height, width = image.shape[:2]
    if region is None or (width, height) == (region.frame_width_px, region.frame_height_px):
        return None
    text = (
        f"the frame is {width}x{height}, the model's region was drawn in frames of "
        f"{region.frame_width_px}x{region.frame_height_px}"
    )
    return Reason(code=ReasonCode.FRAME_UNLIKE_TAUGHT, text=text)


def _sizes(taught: TaughtFrames) -> str:
    least = f"{taught.min_width_px}x{taught.min_height_px}"
    most = f"{taught.max_width_px}x{taught.max_height_px}"
    return least if least == most else f"{least} to {most}"


def is_grey(image: Image) -> bool:
    """Say whether no pixel of a coarse grid over `image` has any colour."""
    grid = image[:: max(1, image.shape[0] // 64), :: max(1, image.shape[1] // 64)]
    blue = grid[:, :, 0]
    return bool((blue == grid[:, :, 1]).all() and (blue == grid[:, :, 2]).all())


def _near(value: int, low: int, high: int) -> bool:
    return low / SIZE_TOLERANCE <= value <= high * SIZE_TOLERANCE
