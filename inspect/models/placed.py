"""A frame laid into a model's input, and how places in the input are found in the frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core.finding import BoxPx
from ..core.frame import Image
from .resize import to_input

Mask = NDArray[np.uint8]
"""(height, width): 255 for what counts, else 0."""
Affine = NDArray[np.float64]
"""(2, 3): a point (x, y, 1) of the input, in pixels, times this is its place in the frame."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A frame laid into the input: its pixels, uint8 (height, width, 3), and the way back.

    `doubt` says in a sentence why it may be laid wrongly; its part must not pass.
    `agreement` is how well a part that was laid upright agrees with good ones, -1 to 1.
    `inside` is what of the input is judged, where that is not all of it.
    """

    pixels: Image
    to_frame: Affine
    frame_width_px: int
    frame_height_px: int
    doubt: str | None = None
    agreement: float | None = None
    inside: Mask | None = None

    @property
    def part_to_frame(self) -> Affine:
        """The way to the frame from the upright part in pixels as large as the frame's, (2, 3)."""
        sides = np.hypot(self.to_frame[0, :2], self.to_frame[1, :2])
        return np.concatenate([self.to_frame[:, :2] / sides, self.to_frame[:, 2:]], axis=1)

    def in_frame(self, box: tuple[float, float, float, float]) -> BoxPx | None:
        """Return the upright box of the frame around a box of the input (left, top, right,
        bottom); None when it lies outside the frame.
        """
        left, top, right, bottom = box
        corners = np.array([(x, y, 1) for x in (left, right) for y in (top, bottom)], np.float64)
        across, down = (self.to_frame @ corners.T).round(6)
        across, down = across.clip(0, self.frame_width_px), down.clip(0, self.frame_height_px)
        inside = float(across.min()), float(down.min()), float(across.max()), float(down.max())
        return inside if inside[0] < inside[2] and inside[1] < inside[3] else None


def stretched(image: Image, width_px: int, height_px: int, doubt: str | None = None) -> Placed:
    """Fill the input with the whole frame, whatever its shape."""
    height, width = image.shape[:2]
    back = np.array([[width / width_px, 0, 0], [0, height / height_px, 0]], np.float64)
    return Placed(to_input(image, width_px, height_px), back, width, height, doubt)
