"""Smooth random fields, all of them drawn from a generator that is handed in."""

import cv2
import numpy as np
import numpy.typing as npt

from .part import Plane


def plane(values: npt.ArrayLike) -> Plane:
    """Give `values` as float32; what cv2 returns is typed too loosely to keep."""
    return np.asarray(values, dtype=np.float32)


def clouds(rng: np.random.Generator, shape: tuple[int, int], cell: float) -> Plane:
    """Value noise of about unit spread; `cell` is the size of a cloud in samples."""
    height, width = shape
    rows, columns = int(height / cell) + 4, int(width / cell) + 4
    grid = rng.standard_normal((rows, columns), dtype=np.float32)
    size = (max(width, round(columns * cell)), max(height, round(rows * cell)))
    return plane(cv2.resize(grid, size, interpolation=cv2.INTER_CUBIC))[:height, :width]


def blurred(field: Plane, sigma: float) -> Plane:
    """Gaussian blur, `sigma` in samples."""
    return plane(cv2.GaussianBlur(field, (0, 0), sigma))


def ramp(field: Plane, low: float, high: float) -> Plane:
    """Smoothstep: 0 below `low`, 1 above `high`."""
    t = np.clip((field - low) / (high - low), 0.0, 1.0)
    return plane(t * t * (3.0 - 2.0 * t))


def wobbly_circle(rng: np.random.Generator, angle: Plane, roughness: float) -> Plane:
    """Radius factor around 1 of a ragged outline, by angle in radians."""
    factor = np.ones_like(angle)
    for wave in range(2, 6):
        size = roughness * rng.standard_normal() / wave
        factor += np.float32(size) * np.cos(wave * angle + np.float32(rng.uniform(0.0, 6.28)))
    return plane(factor)
