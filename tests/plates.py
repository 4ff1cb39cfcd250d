"""A product that falls as it likes: a bright plate of angle form on a dark, unevenly lit table."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from edgeinspect.core.frame import Image

SIDE_PX = 400
OUTLINE = np.array([(-90, -70), (-40, -70), (-40, 30), (80, 30), (80, 70), (-90, 70)], np.float64)
HOLES = ((-65.0, -45.0, 12.0), (-65.0, 5.0, 7.0), (55.0, 50.0, 12.0))
"""x, y and radius in px, from the middle of a plate that lies upright."""
CIRCLE = np.array([(math.cos(turn), math.sin(turn)) for turn in np.arange(0, 6.3, 0.2)])

Points = NDArray[np.float64]
Place = tuple[float, float]


def draw_plate(
    seed: int, turn_deg: float = 0.0, place: Place = (200.0, 200.0), *, mirrored: bool = False
) -> Image:
    """Draw a plate turned clockwise, its middle at `place`; uint8 (400, 400, 3)."""
    rng = np.random.default_rng(seed)
    canvas = np.full((SIDE_PX, SIDE_PX), 50, np.uint8)
    side = np.array([-1.0 if mirrored else 1.0, 1.0])
    _fill(canvas, on_plate(OUTLINE * side, turn_deg, place), 190)
    for x, y, radius in HOLES:
        middle = on_plate(np.array([(x, y)]) * side, turn_deg, place)[0]
        _fill(canvas, middle + radius * CIRCLE, 60)
    light = np.linspace(0.85, 1.15, SIDE_PX)[None, :] * rng.normal(1, 0.03)
    noisy = cv2.GaussianBlur(canvas, (0, 0), 0.8) * light + rng.normal(0, 4, canvas.shape)
    return np.repeat(noisy.clip(0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def on_plate(points: Points, turn_deg: float, place: Place) -> Points:
    """Return where points of an upright plate, (n, 2), lie in a frame."""
    turn = math.radians(turn_deg)
    turning = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    return np.asarray(points @ turning + np.array(place))


def fallen_plates(count: int, seed: int = 1) -> list[Image]:
    """Draw plates at any angle, up to 35 px off the middle."""
    return [draw_plate(seed * 1000 + number, *fallen(seed, number)) for number in range(count)]


def fallen(seed: int, number: int) -> tuple[float, Place]:
    """Return how one plate fell: its turn in degrees and its place."""
    rng = np.random.default_rng((seed, number))
    x, y = rng.uniform(165, 235, 2)
    return float(rng.uniform(0, 360)), (float(x), float(y))


def _fill(canvas: NDArray[np.uint8], outline: Points, level: int) -> None:
    corners = np.rint((outline - 0.5) * 16).astype(np.int32)
    cv2.fillPoly(canvas, [corners], level, cv2.LINE_AA, 4)
