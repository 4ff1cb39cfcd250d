"""A washer about to be spoilt, a spoilt one, and where faults may lie."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from .geometry import Grid, Hole
from .part import Plane
from .surface import Surface

_CODE_ANGLE, _CODE_CLEARANCE = np.deg2rad(270.0), np.deg2rad(38.0)


@dataclass(frozen=True, slots=True)
class Blank:
    """The metal, where its samples lie and its holes."""

    surface: Surface
    grid: Grid
    holes: tuple[Hole, ...]


@dataclass(frozen=True, slots=True)
class Spoilt:
    """The metal with its fault, and how much each sample belongs to the fault (0 to 1)."""

    surface: Surface
    fault: Plane


Spoil: TypeAlias = Callable[[np.random.Generator, Blank, int], Spoilt]
"""Works a fault of a grade (1 to 4) into a blank."""


def clear_angle(rng: np.random.Generator) -> float:
    """Draw an angle in radians that keeps clear of the code, so that a bad part is traceable."""
    return float(_CODE_ANGLE + rng.uniform(_CODE_CLEARANCE, 2.0 * np.pi - _CODE_CLEARANCE))


def clear_point(
    rng: np.random.Generator, blank: Blank, radii_px: tuple[float, float], from_holes_px: float
) -> tuple[float, float]:
    """Draw a point of the face between two radii, clear of code and holes; part's frame, px."""
    while True:
        angle, radius = clear_angle(rng), rng.uniform(*radii_px)
        x, y = float(radius * np.cos(angle)), float(radius * np.sin(angle))
        if all(math.hypot(x - h.x_px, y - h.y_px) > from_holes_px for h in blank.holes):
            return x, y
