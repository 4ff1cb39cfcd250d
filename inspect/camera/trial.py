"""Watches a camera for a while, and says how it does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Timer
from time import monotonic

import cv2

from ..core.errors import CameraError
from ..core.frame import Frame, Image
from .condition import Condition
from .live import LiveSource
from .present.eye import Eye
from .source import Source

FIRST_WITHIN_S = 10.0
"""So long a camera may take to its first picture."""

TOLD = 5
"""Of so many pictures that could not be judged it is said why."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How a picture is: width and height in pixels, sharpness, and mean grey (0 to 255).

    `focus` is the variance of the Laplacian (Pech-Pacheco et al. 2000): to be compared with other
    pictures of the same scene alone, the more the sharper.
    """

    width: int
    height: int
    focus: float
    brightness: float


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a camera in `seconds`: pictures, others that could not be judged, troubles.

    What was wrong with the first of the others is among the troubles. `parts` is how many an eye
    saw, and None where none looked.
    """

    seconds: float
    pictures: int
    unreadable: int
    sight: Sight | None
    parts: int | None
    troubles: tuple[str, ...] = field(default=())

    @property
    def rate(self) -> float:
        """Pictures a second."""
        return self.pictures / self.seconds if self.seconds else 0.0


def sight_of(image: Image) -> Sight:
    """Return how a picture is."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    height, width = grey.shape
    focus = float(cv2.Laplacian(grey, cv2.CV_64F).var())
    return Sight(width, height, round(focus, 1), round(float(grey.mean()), 1))


def first_picture(source: Source, name: str) -> Image:
    """Return the first picture of the source of this name, which is closed after 10 s.

    Raises CameraError, with what the camera is said to suffer from, when none came in time.
    """
    heard: list[Condition] = []
    source.watch(heard.append)
    limit = Timer(FIRST_WITHIN_S, source.close)
    limit.start()
    frame = source.read()
    limit.cancel()
    if frame is None or frame.image is None:
        why = (
            (frame and frame.unreadable) or heard[-1].reason or f"none within {FIRST_WITHIN_S:g} s"
        )
        raise CameraError(f"{name}: hands out no picture ({why.rstrip('.')}).")
    return frame.image


def tried(
    source: Source, seconds: float, on_sight: Callable[[Sight], object], eye: Eye | None = None
) -> Trial:
    """Watch a camera for `seconds` and return what came; `on_sight` hears of each picture.

    An `eye` sees every frame, as it would in a station. The source is closed at the end.
    """
    parts: list[Frame] = []
    if eye is not None and isinstance(source, LiveSource):
        source.show_to(lambda frame: parts.extend(eye.look(frame)))
    heard: list[Condition] = []
    source.watch(heard.append)
    begun_s, pictures, sight = monotonic(), 0, None
    unreadable: list[str] = []
    limit = Timer(seconds, source.close)
    limit.start()
    while (frame := source.read()) is not None:
        if eye is not None and not isinstance(source, LiveSource):
            parts += eye.look(frame)
        if frame.image is None:
            unreadable.append(frame.unreadable or "")
            continue
        pictures += 1
        sight = sight_of(frame.image)
        on_sight(sight)
    limit.cancel()
    since = heard[1:] or heard  # at first a camera is merely not connected yet
    troubles = dict.fromkeys(each.reason for each in since if each.reason is not None)
    troubles |= dict.fromkeys(unreadable[:TOLD])
    if eye is not None:
        source.close()  # before the last is counted, nothing looks any more
        parts += eye.end()
        troubles |= dict.fromkeys([eye.trouble] if eye.trouble else [])
    seen = None if eye is None else len(parts)
    return Trial(monotonic() - begun_s, pictures, len(unreadable), sight, seen, tuple(troubles))
