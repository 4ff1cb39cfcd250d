"""What the frames were like that a model was taught on, so that others are told from them."""

from collections.abc import Sequence

from ..core.frame import Image
from ..core.manifest import TaughtFrames
from ..decision.frame_gate import is_grey


def kind_of(image: Image) -> TaughtFrames:
    """Return the kind of one frame."""
    height, width = image.shape[:2]
    return TaughtFrames(
        min_width_px=width,
        max_width_px=width,
        min_height_px=height,
        max_height_px=height,
        grey=is_grey(image),
    )


def kinds_of(frames: Sequence[TaughtFrames]) -> TaughtFrames:
    """Return the kind that covers all of them; at least one is needed."""
    return TaughtFrames(
        min_width_px=min(frame.min_width_px for frame in frames),
        max_width_px=max(frame.max_width_px for frame in frames),
        min_height_px=min(frame.min_height_px for frame in frames),
        max_height_px=max(frame.max_height_px for frame in frames),
        grey=all(frame.grey for frame in frames),
    )
