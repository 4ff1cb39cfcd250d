"""Looks at every frame of a camera for what tells that it is not well."""

import zlib
from dataclasses import replace

import numpy as np

from ..core.frame import Frame, Image
from .condition import FINE, Condition, degraded, fault

FROZEN_FRAMES = 5
"""A sensor's noise makes no two pictures the same; so many in a row are one picture, repeated."""
DARK, BRIGHT = 3, 252
"""Grey values beyond which a picture that has nothing else in it is black, or saturated."""
STEP_PX = 16
"""So far apart are the pixels looked at for light; for sameness every one counts."""
OF_FRAMES, MANY_LOST = 100, 0.05


class Watch:
    """Sees a camera's frames in order; a frame that cannot be trusted is handed on without image.

    What is wrong with one frame is its own affair, until the next one is well again.
    """

    def __init__(self) -> None:
        self._size: tuple[int, int] | None = None
        self._content = 0
        self._same = 0
        self._lost: list[int] = []

    def look(self, frame: Frame, lost_before: int = 0) -> tuple[Frame, Condition]:
        """Return a frame as it may be judged, and how the camera is.

        `lost_before` frames went lost between it and the one before.
        """
        self._lost = [*self._lost[-OF_FRAMES:], lost_before + (frame.image is None)]
        # One of the first three is not yet a third of a hundred.
        lost = sum(self._lost)
        many = lost / max(OF_FRAMES, lost + len(self._lost)) > MANY_LOST
        losing = degraded(f"more than {MANY_LOST:.0%} of the last frames went lost on the way")
        if frame.image is None:
            return frame, losing if many else degraded(str(frame.unreadable))
        frozen = self._frozen(frame.image)  # counts, whatever else is wrong
        reason = self._size_changed(frame.image) or _light(frame.image) or frozen
        if reason is not None:
            return replace(frame, image=None, unreadable=reason), fault(reason)
        return frame, losing if many else FINE

    def _size_changed(self, image: Image) -> str | None:
        height, width = image.shape[:2]
        self._size = self._size or (width, height)
        if (width, height) == self._size:
            return None
        was = "x".join(map(str, self._size))
        return (
            f"the picture is {width}x{height} and was {was} before; look at the camera's settings"
        )

    def _frozen(self, image: Image) -> str | None:
        content = zlib.crc32(np.ascontiguousarray(image).data)
        self._same = self._same + 1 if content == self._content else 1
        self._content = content
        if self._same < FROZEN_FRAMES:
            return None
        return f"the camera hands out the same picture, {FROZEN_FRAMES} times and more; restart it"


def _light(image: Image) -> str | None:
    some = image[::STEP_PX, ::STEP_PX]
    if some.max() <= DARK:
        return "the picture is black; look for the light and the lens cap"
    if some.min() >= BRIGHT:
        return "the picture is white throughout; look at the light and the exposure"
    return None
