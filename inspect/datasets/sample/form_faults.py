"""Faults of the form: metal is missing, or is where a hole should be."""

from dataclasses import replace

import numpy as np

from .blank import Blank, Spoilt, clear_angle
from .geometry import (
    BORE_PX,
    COUNTERSINK_PX,
    OUTER_PX,
    SAMPLES,
    Grid,
    Hole,
    chamfer,
    coverage,
)
from .noise import clouds, plane, ramp, wobbly_circle
from .part import Plane
from .surface import Surface


def chip(rng: np.random.Generator, blank: Blank, grade: int) -> Spoilt:
    """Break a flake off the outer edge or the bore; the break slopes and is coarse."""
    size = (12.0, 14.5, 18.0, 23.0)[grade - 1]
    angle = clear_angle(rng)
    edge = OUTER_PX + 0.1 * size if rng.random() < 0.6 else BORE_PX - 0.1 * size
    broken = _flake(rng, blank.grid, angle, edge, size)
    return Spoilt(_broken(rng, blank.surface, broken, size), _lost(blank.surface, broken))


def _flake(
    rng: np.random.Generator, grid: Grid, angle: float, edge_px: float, size_px: float
) -> Plane:
    """Depth in px inside a ragged outline that is longer along the edge than across it."""
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    across = grid.x * cos + grid.y * sin - np.float32(edge_px)
    along = (grid.y * cos - grid.x * sin) / np.float32(rng.uniform(1.2, 1.9))
    outline = wobbly_circle(rng, plane(np.arctan2(across, along)), 0.16)
    ragged = 0.6 * clouds(rng, grid.x.shape, 3.0 * SAMPLES)
    return plane(size_px * outline - np.sqrt(across * across + along * along) + ragged)


def _broken(rng: np.random.Generator, surface: Surface, broken: Plane, size_px: float) -> Surface:
    """Take metal away: through near the edge, a coarse slope where the break runs out."""
    fine, lumps = (clouds(rng, broken.shape, cell * SAMPLES) for cell in (1.3, 3.5))
    coarse = 0.35 * fine + lumps
    fresh = ramp(broken, -0.4, 0.6)
    slope = -0.55 * np.maximum(broken, 0.0) + 0.45 * fresh * coarse
    lowered = np.minimum(surface.relief_px, slope)
    return replace(
        surface,
        solid=plane(surface.solid * (1.0 - coverage(plane(broken - 0.55 * size_px)))),
        relief_px=plane(np.where(broken > 0.0, lowered, surface.relief_px)),
        grain=plane(surface.grain * (1.0 - fresh)),
        open=plane(surface.open * (1.0 - 0.70 * ramp(broken, 0.2 * size_px, 0.5 * size_px))),
        tint=plane(surface.tint * (1.0 - fresh * (0.22 + 0.08 * coarse))[..., None]),
    )


def _lost(surface: Surface, broken: Plane) -> Plane:
    return plane(ramp(broken, -0.8, 0.4) * ramp(surface.solid, 0.0, 0.2))


def missing_hole(rng: np.random.Generator, blank: Blank, grade: int) -> Spoilt:
    """Drill one bolt hole not through (1, 2), only spot it (3) or forget it (4)."""
    hole = blank.holes[int(rng.integers(len(blank.holes)))]
    filled = _filled(blank, hole)
    away = blank.grid.distance(hole.x_px, hole.y_px)
    fault = ramp(plane(hole.radius_px + 0.5 * COUNTERSINK_PX - away), -1.0, 1.0)
    if grade == 4:
        return Spoilt(filled, fault)
    radius = hole.radius_px if grade < 3 else 0.55 * hole.radius_px
    return Spoilt(_blind(filled, blank, replace(hole, radius_px=radius), grade), fault)


def _filled(blank: Blank, hole: Hole) -> Surface:
    """The face as if the hole had never been drilled."""
    away = blank.grid.distance(hole.x_px, hole.y_px)
    there = away < hole.radius_px + COUNTERSINK_PX + 1.0
    surface = blank.surface
    return replace(
        surface,
        solid=plane(np.where(there, 1.0, surface.solid)),
        relief_px=plane(np.where(there, 0.0, surface.relief_px)),
        grain=plane(np.where(there, 1.0, surface.grain)),
    )


def _blind(surface: Surface, blank: Blank, hole: Hole, grade: int) -> Surface:
    """Drill a hole that ends in the cone of the drill's tip; the deeper, the darker."""
    away = blank.grid.distance(hole.x_px, hole.y_px)
    inside = plane(hole.radius_px - away)
    light = (0.50, 0.66, 0.85)[grade - 1]
    bottom = coverage(inside)
    cone = -0.35 * np.maximum(inside, 0.0)
    rim = chamfer(plane(-inside), COUNTERSINK_PX if grade < 3 else 0.5)
    corner = np.clip(inside / 4.0, 0.25, 1.0)
    return replace(
        surface,
        relief_px=plane(np.where(inside > 0.0, cone, np.minimum(surface.relief_px, rim))),
        grain=plane(surface.grain * (1.0 - 0.7 * bottom)),
        open=plane(surface.open * (1.0 - bottom * (1.0 - light * corner))),
    )
