"""Faults of the face: the form is right, the surface is not."""

from dataclasses import replace

import numpy as np

from .blank import Blank, Spoilt, clear_point
from .geometry import SAMPLES, Grid
from .noise import blurred, clouds, plane, ramp, wobbly_circle
from .part import Plane

_OIL = np.array([0.32, 0.42, 0.50], np.float32)
_RUST = np.array([0.10, 0.21, 0.42], np.float32)


def scratch(rng: np.random.Generator, blank: Blank, grade: int) -> Spoilt:
    """Drag a burr over the face: a tapering groove with raised edges."""
    length, width = (54.0, 72.0, 95.0, 125.0)[grade - 1], (0.85, 0.95, 1.05, 1.2)[grade - 1]
    depth = (1.3, 1.6, 2.0, 2.4)[grade - 1]
    groove = plane(_stroke(rng, blank, length, width) * blank.surface.solid)
    raised = blurred(groove, 1.3 * SAMPLES)
    surface = replace(
        blank.surface,
        relief_px=plane(blank.surface.relief_px + depth * (0.9 * raised - groove)),
        grain=plane(blank.surface.grain * (1.0 - 0.9 * groove)),
        tint=plane(blank.surface.tint * (1.0 - 0.45 * groove)[..., None]),
    )
    return Spoilt(surface, ramp(raised, 0.08, 0.2))


def _stroke(rng: np.random.Generator, blank: Blank, length_px: float, width_px: float) -> Plane:
    """Groove (0 to 1) along a slightly bent path that crosses the lathe's grooves."""
    x, y = clear_point(rng, blank, (100.0, 160.0), 24.0)
    heading = np.arctan2(y, x) + rng.uniform(-1.0, 1.0)
    cos, sin = np.float32(np.cos(heading)), np.float32(np.sin(heading))
    along = ((blank.grid.x - x) * cos + (blank.grid.y - y) * sin) / np.float32(length_px)
    across = (blank.grid.y - y) * cos - (blank.grid.x - x) * sin
    knots = np.linspace(-0.5, 0.5, 33)
    bend = length_px * rng.normal(0.0, 0.12) * knots**2 + np.cumsum(rng.normal(0.0, 0.12, 33))
    press = np.clip(2.6 * (0.5 - np.abs(knots)), 0.0, 1.0) * rng.uniform(0.7, 1.0, 33)
    offset = (across - np.interp(along, knots, bend)) / width_px
    return plane(np.exp(-offset * offset) * np.interp(along, knots, press, left=0.0, right=0.0))


def dent(rng: np.random.Generator, blank: Blank, grade: int) -> Spoilt:
    """Knock a hollow into the face, with the low rim that displaced metal makes."""
    size, depth = (9.0, 11.5, 15.0, 20.0)[grade - 1], (1.8, 2.6, 3.6, 5.0)[grade - 1]
    x, y = clear_point(rng, blank, (92.0, 170.0), 14.0 + 0.8 * size)
    u = _oval(rng, blank.grid, x, y) / np.float32(size)
    hollow = np.exp(-u * u)
    rim = 0.22 * np.exp(-((u - 1.35) ** 2) / 0.12)
    surface = replace(
        blank.surface,
        relief_px=plane(blank.surface.relief_px + depth * (rim - hollow)),
        grain=plane(blank.surface.grain * (1.0 - 0.55 * hollow)),
    )
    return Spoilt(surface, plane(ramp(-u, -1.7, -1.5) * blank.surface.solid))


def _oval(rng: np.random.Generator, grid: Grid, x_px: float, y_px: float) -> Plane:
    """Distance in px from a point, stretched into an oval of the same area."""
    heading, stretch = rng.uniform(0.0, np.pi), rng.uniform(1.0, 1.45)
    cos, sin = np.float32(np.cos(heading)), np.float32(np.sin(heading))
    dx, dy = grid.x - np.float32(x_px), grid.y - np.float32(y_px)
    along, across = (dx * cos + dy * sin) / stretch, (dy * cos - dx * sin) * stretch
    return plane(np.sqrt(along * along + across * across))


def stain(rng: np.random.Generator, blank: Blank, grade: int) -> Spoilt:
    """Leave a drop of oil, thin with a darker edge, or a bloom of rust."""
    size, strength = (13.0, 16.5, 21.0, 28.0)[grade - 1], (0.66, 0.72, 0.84, 0.95)[grade - 1]
    x, y = clear_point(rng, blank, (95.0, 165.0), 22.0)
    away, angle = blank.grid.distance(x, y), _angle_about(blank.grid, x, y)
    warp = 0.12 * size * clouds(rng, away.shape, 7.0 * SAMPLES)
    inside = plane(np.float32(size) * wobbly_circle(rng, angle, 0.22) - away + warp)
    rusty = rng.random() < 0.5
    film = _rust(rng, inside) if rusty else _oil(inside, size)
    cover = plane(strength * film)[..., None]
    surface = replace(
        blank.surface,
        grain=plane(blank.surface.grain * (1.0 - (0.9 if rusty else 0.3) * strength * film)),
        tint=plane(blank.surface.tint * (1.0 - cover * (1.0 - (_RUST if rusty else _OIL)))),
    )
    return Spoilt(surface, plane(ramp(inside, -0.8, 0.8) * blank.surface.solid))


def _oil(inside: Plane, size_px: float) -> Plane:
    edge = np.exp(-((inside - 1.6) ** 2) / 2.5)
    return plane(ramp(inside, -0.6, 1.2) * (0.55 + 0.15 * ramp(inside, 0.0, size_px) + 0.45 * edge))


def _rust(rng: np.random.Generator, inside: Plane) -> Plane:
    grit = clouds(rng, inside.shape, 1.3 * SAMPLES) + 0.8 * clouds(rng, inside.shape, 4.0 * SAMPLES)
    return plane(ramp(inside, -1.5, 4.0) * np.clip(0.72 + 0.20 * grit, 0.15, 1.1))


def _angle_about(grid: Grid, x_px: float, y_px: float) -> Plane:
    return plane(np.arctan2(grid.y - np.float32(y_px), grid.x - np.float32(x_px)))
