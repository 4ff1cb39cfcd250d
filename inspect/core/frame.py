"""One picture of one part, as it came from a camera."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from .trigger import Trigger

Image = NDArray[np.uint8]
"""Pixels, uint8, shape (height, width, 3), blue-green-red."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture with the time it was taken.

    `image` is uint8 (height, width, 3) in BGR order, or None when the source handed out a frame
    that cannot be looked at; `unreadable` then says why, and the part becomes a `review`.
    `captured_s` is on the monotonic clock, `captured_at` is UTC wall time.
    `origin` names where the frame came from (a file, a camera's frame number). `number` is the
    camera's own count of frames, `exposure_us` and `gain_db` what it took this one with; None where
    the camera does not say. `missed` is one that nobody ever saw. `trigger` is what told of
    its part, and None where none does. `at_gate` is the number under which the gate expects its
    part already.
    """

    image: Image | None
    captured_at: datetime
    captured_s: float
    origin: str
    unreadable: str | None = None
    number: int | None = None
    exposure_us: float | None = None
    gain_db: float | None = None
    missed: bool = False
    trigger: Trigger | None = None
    at_gate: int | None = None

    @property
    def told_serial(self) -> str | None:
        """The serial that was told of its part, before anything was read in it."""
        return None if self.trigger is None else self.trigger.context.serial

    def __post_init__(self) -> None:
        if self.image is None:
            if not self.unreadable:
                raise ValueError("a Frame without an image must say why it is unreadable")
            return
        check_image(self.image)


def check_image(image: Image) -> None:
    """Raise ValueError unless `image` is uint8 of shape (height, width, 3) with pixels in it."""
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or image.size == 0:
        raise ValueError(
            f"an image must be uint8 (height, width, 3), got {image.dtype} {image.shape}"
        )
