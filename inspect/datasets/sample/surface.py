"""The metal of one washer: what is solid, how it is shaped, grooved and tinted."""

from dataclasses import dataclass

import cv2
import numpy as np

from .geometry import (
    BORE_PX,
    CHAMFER_PX,
    COUNTERSINK_PX,
    OUTER_PX,
    SAMPLES,
    Grid,
    Hole,
    chamfer,
    coverage,
)
from .noise import blurred, clouds, plane
from .part import Colour, Plane

_RING_STEP_PX = 0.8
_ARCS = 512


@dataclass(frozen=True, slots=True)
class Surface:
    """Planes over the grid, as seen from above.

    `solid` is the share of metal (0 to 1), `relief_px` the height over the face, `grain` how
    much of the lathe's grooves is left (0 to 1), `open` how much of the light reaches the
    sample (0 to 1), `tint` what the metal reflects of each colour.
    """

    solid: Plane
    relief_px: Plane
    grain: Plane
    open: Plane
    tint: Colour


def turned(rng: np.random.Generator, grid: Grid, holes: tuple[Hole, ...]) -> Surface:
    """Turn, bore, drill and chamfer a flawless washer."""
    ring = plane(np.minimum(OUTER_PX - grid.radius, grid.radius - np.float32(BORE_PX)))
    solid, relief = coverage(ring), chamfer(ring, CHAMFER_PX)
    for hole in holes:
        at = grid.around(hole.x_px, hole.y_px, hole.radius_px + COUNTERSINK_PX + 1.0)
        rim = plane(grid.cut(at).distance(hole.x_px, hole.y_px) - np.float32(hole.radius_px))
        solid[at] *= coverage(rim)
        relief[at] = np.minimum(relief[at], chamfer(rim, COUNTERSINK_PX))
    face = np.clip(relief + 1.0, 0.0, 1.0)
    return Surface(
        solid=solid,
        relief_px=plane(relief),
        grain=plane(0.25 + 0.75 * face),
        open=np.ones_like(solid),
        tint=_steel(rng, grid),
    )


def _steel(rng: np.random.Generator, grid: Grid) -> Colour:
    shade = 0.74 * (1.0 + 0.035 * rng.standard_normal())
    warmth = 0.012 * rng.standard_normal()
    steel = np.array([shade * (0.985 - warmth), shade, shade * (1.0 + warmth)], np.float32)
    blotches = 1.0 + 0.022 * clouds(rng, grid.x.shape, 90.0 * SAMPLES)
    return plane(blotches[..., None] * steel)


def grooves(rng: np.random.Generator, grid: Grid) -> Plane:
    """Slope of the lathe's grooves along the radius, over the grid; about 0, unit spread."""
    count = int(grid.radius.max() / _RING_STEP_PX) + 2
    fine = rng.standard_normal((count, _ARCS), dtype=np.float32)
    arcs = plane(cv2.blur(np.tile(fine, 3), (97, 1)))[:, _ARCS : 2 * _ARCS]
    rings = rng.standard_normal((count, 1), dtype=np.float32)
    slow = blurred(np.tile(rings, (1, 3)), 3.0)[:, 1:2]
    feed = np.sin(np.arange(count, dtype=np.float32)[:, None] * np.float32(rng.uniform(1.2, 1.5)))
    polar = plane(6.0 * arcs + 0.45 * rings + 1.6 * slow + 0.3 * feed)
    column = grid.angle * np.float32(_ARCS / (2.0 * np.pi))
    row = grid.radius * np.float32(1.0 / _RING_STEP_PX)
    return plane(cv2.remap(polar, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP))
