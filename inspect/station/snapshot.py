"""From the newest frame to the picture a reply can carry."""

import base64

from ..core.errors import CameraError
from ..core.reply import MAX_SNAPSHOT_BYTES, Picture
from .evidence import encode
from .taken import Taken

JPEG_QUALITY = 85


def picture_of(frame: Taken | None) -> Picture:
    """Return a frame as a JPEG of at most 1 MB.

    Raises CameraError when there is none, or none that can be looked at.
    """
    if frame is None:
        raise CameraError("no frame has been taken since the station started; ask again later.")
    if frame.image is None:
        raise CameraError(f"the newest frame cannot be looked at ({frame.unreadable}).")
    encoded = encode(frame.image, JPEG_QUALITY, MAX_SNAPSHOT_BYTES)
    if encoded is None:
        raise CameraError("the newest frame cannot be made a JPEG; look at the camera.")
    described, content = encoded
    return Picture(
        captured_at=frame.captured_at,
        width=described.width,
        height=described.height,
        jpeg_base64=base64.b64encode(content).decode(),
    )
