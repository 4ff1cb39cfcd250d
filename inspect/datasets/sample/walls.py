"""The walls of bore and bolt holes, of which a camera overhead sees the far side."""

import math

import numpy as np

from .geometry import BORE_PX, HEIGHT_PX, LEAN, WIDTH_PX, Grid, Hole, coverage
from .lighting import Lamp
from .noise import plane
from .part import Plane

_BORE = Hole(0.0, 0.0, BORE_PX)
_DIM, _BRIGHT = 0.035, 0.32


def walls(grid: Grid, holes: tuple[Hole, ...], lights: tuple[Lamp, ...]) -> tuple[Plane, Plane]:
    """Share of wall seen at each sample and the light it sends, if no metal is over it."""
    seen, light = np.zeros_like(grid.x), np.zeros_like(grid.x)
    for hole in (_BORE, *holes):
        at = grid.around(hole.x_px, hole.y_px, hole.radius_px + 2.0)
        near = grid.cut(at)
        within = near.distance(hole.x_px, hole.y_px) < hole.radius_px + 1.0
        seen[at] = np.where(within, 1.0 - _floor(near, hole), seen[at])
        light[at] = _facing(near, hole, lights)
    return seen, light


def _floor(grid: Grid, hole: Hole) -> Plane:
    lens_x, lens_y = grid.pose.to_part(WIDTH_PX / 2, HEIGHT_PX / 2)
    x, y = lens_x + LEAN * (hole.x_px - lens_x), lens_y + LEAN * (hole.y_px - lens_y)
    return coverage(plane(LEAN * hole.radius_px - grid.distance(x, y)))


def _facing(grid: Grid, hole: Hole, lights: tuple[Lamp, ...]) -> Plane:
    """Light of a wall that looks towards the hole's centre."""
    inward_x = (hole.x_px - grid.x) / np.float32(hole.radius_px)
    inward_y = (hole.y_px - grid.y) / np.float32(hole.radius_px)
    light = np.full_like(grid.x, _DIM)
    for lamp in lights:
        x, y = grid.pose.to_part(lamp.x_px, lamp.y_px)
        far = math.hypot(x, y, lamp.z_px)
        towards = inward_x * np.float32(x / far) + inward_y * np.float32(y / far)
        light += np.float32(_BRIGHT * lamp.strength) * np.maximum(towards, 0.0)
    return light
