"""Draws targets of known size as a camera would see them: area by area, blurred, noisy."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edgeinspect.core.frame import Image

FINE = 8
"""Points across a pixel, and down it, that a target is drawn by."""
Floats = NDArray[np.float64]
Shape = Callable[[Floats, Floats], NDArray[np.bool_]]
"""Says of places (right, down) in pixels which belong to the shape."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a target is seen: greys of shape and ground, the lens' sigma in pixels, noise's sigma."""

    shape: float = 40.0
    ground: float = 200.0
    blur_px: float = 1.0
    noise: float = 3.0


def picture(shape: Shape, look: Look, width: int = 200, height: int = 160, seed: int = 0) -> Image:
    """Draw a shape: uint8 (height, width, 3)."""
    down, right = np.mgrid[0 : height * FINE, 0 : width * FINE]
    inside = shape((right + 0.5) / FINE, (down + 0.5) / FINE)
    share = inside.reshape(height, FINE, width, FINE).mean(axis=(1, 3))
    return seen(look.ground + (look.shape - look.ground) * share, look, seed)


def seen(greys: Floats, look: Look, seed: int) -> Image:
    """Blur greys as a lens does, and add a sensor's noise."""
    if look.blur_px:
        greys = np.asarray(cv2.GaussianBlur(greys, (0, 0), look.blur_px), np.float64)
    noise = np.random.default_rng(seed).normal(0, look.noise, greys.shape)
    return np.dstack([np.rint(greys + noise).clip(0, 255).astype(np.uint8)] * 3)


def band(centre: tuple[float, float], width_px: float, turn_deg: float) -> Shape:
    """Return a band without ends, square to a way of `turn_deg` from the right, clockwise."""
    way = np.radians(turn_deg)

    def inside(right: Floats, down: Floats) -> NDArray[np.bool_]:
        off = (right - centre[0]) * np.cos(way) + (down - centre[1]) * np.sin(way)
        return np.asarray(np.abs(off) <= width_px / 2)

    return inside


def disc(*circles: tuple[float, float, float]) -> Shape:
    """Return circles of (right, down, diameter)."""

    def inside(right: Floats, down: Floats) -> NDArray[np.bool_]:
        found = np.zeros(right.shape, np.bool_)
        for x, y, diameter in circles:
            found |= (right - x) ** 2 + (down - y) ** 2 <= diameter**2 / 4
        return found

    return inside


def corner(at: tuple[float, float], first_deg: float, second_deg: float) -> Shape:
    """Return what lies between two rays from a place, clockwise from the first to the second."""

    def inside(right: Floats, down: Floats) -> NDArray[np.bool_]:
        turn = np.degrees(np.arctan2(down - at[1], right - at[0]))
        return np.asarray((turn - first_deg) % 360 <= (second_deg - first_deg) % 360)

    return inside
