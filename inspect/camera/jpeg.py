"""A camera's own JPEG becomes a picture, or is said to be damaged: nothing is filled in."""

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from ..core.frame import Image

MOST_PIXELS = 100_000_000


def picture_of(sent: NDArray[np.uint8]) -> Image | None:
    """Return the pixels of a JPEG's bytes, uint8 (height, width, 3), BGR; None where it is not
    whole.

    What decoders of films do is not wanted here: they put the picture before where data is missing,
    and a part would be judged by half of another.
    """
    jpeg = sent.tobytes()
    try:
        height, width = simplejpeg.decode_jpeg_header(jpeg)[:2]
        if height * width > MOST_PIXELS:
            return None
        return np.asarray(simplejpeg.decode_jpeg(jpeg, "BGR"), np.uint8)
    except ValueError:
        return None
