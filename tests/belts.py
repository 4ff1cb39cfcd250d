"""A belt under a fixed camera, in mathematics: parts that move through the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgeinspect.core.clock import utc_now
from edgeinspect.core.frame import Frame, Image

RATE = 25.0
_GRAIN = np.random.default_rng(0).normal(0, 1, 1_000_000).astype(np.float32)
"""Noise to cut from: made anew for each picture it would take longer than all else."""


@dataclass(frozen=True, slots=True)
class Part:
    """`length` along the belt and `width` across it, in pixels; `at_px` is where its front is when
    the belt has not moved yet."""

    at_px: float
    length: float = 60
    width: float = 90
    grey: float = 170
    hole: float = 0


@dataclass(frozen=True, slots=True)
class Belt:
    """What lies on a belt that runs to the right in a picture; light and noise are of the camera.

    `weave` is how much the belt itself, which moves too, differs from place to place.
    """

    parts: Sequence[Part] = ()
    width: int = 320
    height: int = 160
    grey: float = 90
    weave: float = 0
    noise: float = 2

    def seen(self, moved_px: float, light: float | np.ndarray = 1.0, seed: int = 0) -> Image:
        """Return the picture when the belt has moved so far, under so much light (each row)."""
        right = np.arange(self.width)
        grey = np.full((self.height, self.width), self.grey, np.float32)
        if self.weave:
            woven = _GRAIN[: self.height * 997].reshape(self.height, 997)
            grey += self.weave * woven[:, (right - round(moved_px)) % 997]
        rows = np.abs(np.arange(self.height) + 0.5 - self.height / 2)
        for part in self.parts:
            front = part.at_px + moved_px
            # How much of each pixel it covers, so that it moves by less than one.
            columns = np.clip(front - right, 0, 1) * np.clip(right + 1 - front + part.length, 0, 1)
            covers = (rows < part.width / 2)[:, None] * columns[None, :]
            if part.hole:
                middle = right + 0.5 - front + part.length / 2
                covers = covers * (np.hypot(rows[:, None], middle[None, :]) > part.hole / 2)
            grey = grey * (1 - covers) + part.grey * covers
        grey = grey * (light if isinstance(light, float) else np.asarray(light)[:, None])
        first = seed * 7919 % (len(_GRAIN) - grey.size)
        grey = grey + self.noise * _GRAIN[first : first + grey.size].reshape(grey.shape)
        return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def filmed(pictures: Sequence[Image], rate: float = RATE, begun_s: float = 0.0) -> list[Frame]:
    """Return pictures as the frames of a camera that gives so many a second."""
    return [
        Frame(image, utc_now(), begun_s + number / rate, f"{number}", number=number)
        for number, image in enumerate(pictures)
    ]


def middle_px(part: Part, moved_px: float) -> float:
    """Return where the middle of a part is along the picture."""
    return part.at_px + moved_px - part.length / 2
