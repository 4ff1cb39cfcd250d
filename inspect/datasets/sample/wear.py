"""Harmless traces on good parts too: hairlines from handling, specks of dust."""

from dataclasses import replace

import cv2
import numpy as np

from .geometry import SAMPLES
from .noise import blurred, plane
from .part import Pixels
from .surface import Surface

_SUBPIXEL_BITS = 4


def handled(rng: np.random.Generator, surface: Surface) -> Surface:
    """Give the metal the few faint traces that a good part may have."""
    shape = surface.solid.shape
    hair = plane(_hairlines(rng, shape)) / np.float32(255.0)
    dust = blurred(plane(_specks(rng, shape)) / np.float32(255.0), 0.5 * SAMPLES)
    return replace(
        surface,
        relief_px=plane(surface.relief_px - 0.10 * hair),
        grain=plane(surface.grain * (1.0 - 0.5 * dust)),
        tint=plane(surface.tint * (1.0 - 0.05 * hair - 0.45 * dust)[..., None]),
    )


def _hairlines(rng: np.random.Generator, shape: tuple[int, ...]) -> Pixels:
    drawn = np.zeros(shape, np.uint8)
    for _ in range(int(rng.integers(2, 8))):
        start, heading = rng.uniform((0.0, 0.0), shape[::-1]), rng.uniform(0.0, 2.0 * np.pi)
        steps = np.linspace(0.0, rng.uniform(20.0, 90.0) * SAMPLES, 12)
        turns = heading + rng.normal(0.0, 0.004) * steps
        path = start + np.stack([steps * np.cos(turns), steps * np.sin(turns)], axis=1)
        points = np.round(path * 2**_SUBPIXEL_BITS).astype(np.int32)
        shade = int(rng.uniform(60, 200))
        cv2.polylines(drawn, [points], False, shade, 1, cv2.LINE_AA, _SUBPIXEL_BITS)
    return drawn


def _specks(rng: np.random.Generator, shape: tuple[int, ...]) -> Pixels:
    drawn = np.zeros(shape, np.uint8)
    for _ in range(int(rng.integers(6, 24))):
        x, y = (int(v) for v in rng.uniform((0.0, 0.0), shape[::-1]) * 2**_SUBPIXEL_BITS)
        size = int(rng.uniform(0.35, 0.95) * SAMPLES * 2**_SUBPIXEL_BITS)
        shade = int(rng.uniform(80, 255))
        cv2.circle(drawn, (x, y), size, shade, -1, cv2.LINE_AA, _SUBPIXEL_BITS)
    return drawn
