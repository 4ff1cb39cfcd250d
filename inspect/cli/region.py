"""A region as it is written on a command line."""

from ..core.errors import ModelError
from ..core.region import MOST_CORNERS, CornerPx


def region_of(text: str) -> tuple[CornerPx, ...]:
    """Return the corners in `text`, such as "40,20 600,20 600,440". Raises ModelError."""
    try:
        pairs = [each.split(",") for each in text.split()]
        corners = tuple((int(right), int(down)) for right, down in pairs)
        if not 2 <= len(corners) <= MOST_CORNERS or min(map(min, corners)) < 0:
            raise ValueError(text)
    except ValueError:
        raise ModelError(
            f"--region {text}: no region; write the left upper and the right lower corner of a "
            f'box, as "40,20 600,440", or 3 to {MOST_CORNERS} corners of a polygon, in pixels.'
        ) from None
    return corners
