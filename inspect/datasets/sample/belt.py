"""What lies around the part: the woven belt, its dust, the guide rails, the part's shadow."""

import cv2
import numpy as np

from .geometry import HEIGHT_PX, WIDTH_PX
from .noise import blurred, clouds, plane, ramp
from .part import Colour, Plane

_SHAPE = (HEIGHT_PX, WIDTH_PX)
_THREAD_PX = 5.6
_RAIL_PX = 15.0


def belt(rng: np.random.Generator) -> Colour:
    """A stretch of belt with rails, (480, 640, 3)."""
    weave = _weave(rng)
    worn = 1.0 + 0.10 * clouds(rng, _SHAPE, 120.0) + 0.07 * _streaks(rng)
    base = np.array([0.040, 0.0405, 0.041], np.float32) * (1.0 + 0.12 * rng.standard_normal())
    colour = plane((weave * worn)[..., None] * base)
    return _railed(rng, _dusted(rng, colour))


def _weave(rng: np.random.Generator) -> Plane:
    """Plain weave: warp and weft threads that take turns on top; mean about 1."""
    turn = np.deg2rad(rng.normal(0.0, 0.5))
    y, x = np.mgrid[0.0:HEIGHT_PX, 0.0:WIDTH_PX].astype(np.float32)
    u = (x + y * turn + 1.2 * clouds(rng, _SHAPE, 60.0)) / _THREAD_PX + rng.uniform(0.0, 2.0)
    v = (y - x * turn + 1.2 * clouds(rng, _SHAPE, 60.0)) / _THREAD_PX + rng.uniform(0.0, 2.0)
    warp_on_top = (np.floor(u) + np.floor(v)) % 2 < 1
    across = np.where(warp_on_top, u, v) % 1.0 - 0.5
    lengthwise = np.where(warp_on_top, v, u) % 1.0 - 0.5
    hump = (1.0 - 3.2 * across * across) * (1.0 - 1.6 * lengthwise * lengthwise)
    threads = rng.normal(1.0, 0.10, (2, 512)).astype(np.float32)
    gain = np.where(
        warp_on_top,
        threads[0, np.floor(u).astype(int) % 512],
        threads[1, np.floor(v).astype(int) % 512],
    )
    fuzz = 1.0 + 0.16 * rng.standard_normal(_SHAPE, dtype=np.float32)
    return plane((0.45 + 0.72 * hump * gain) * np.where(warp_on_top, 1.12, 0.9) * fuzz)


def _streaks(rng: np.random.Generator) -> Plane:
    """Wear along the belt's travel, which is left to right."""
    lines = rng.standard_normal((HEIGHT_PX, 1), dtype=np.float32)
    return plane(np.broadcast_to(blurred(np.tile(lines, (1, 3)), 2.0)[:, 1:2] * 2.0, _SHAPE))


def _dusted(rng: np.random.Generator, colour: Colour) -> Colour:
    """Scatter specks and a few fibres."""
    dust = np.zeros(_SHAPE, np.uint8)
    for _ in range(int(rng.integers(50, 130))):
        x, y = (int(v) for v in rng.uniform((0, 0), (WIDTH_PX * 16, HEIGHT_PX * 16)))
        size = int(rng.uniform(4.0, 14.0) * rng.uniform(0.5, 1.0))
        cv2.circle(dust, (x, y), size, int(rng.uniform(30, 130)), -1, cv2.LINE_AA, shift=4)
    for _ in range(int(rng.integers(0, 4))):
        start = rng.uniform((0.0, 0.0), (WIDTH_PX, HEIGHT_PX))
        path = start + np.cumsum(rng.normal(rng.normal(0.0, 1.0, 2), 0.6, (10, 2)), axis=0)
        points = np.round(path * 16).astype(np.int32)
        cv2.polylines(dust, [points], False, int(rng.uniform(20, 55)), 1, cv2.LINE_AA, shift=4)
    cover = plane(dust) / np.float32(255.0)
    grey = np.array([0.24, 0.26, 0.28], np.float32)
    return plane(colour + cover[..., None] * (grey - colour) * 0.7)


def _railed(rng: np.random.Generator, colour: Colour) -> Colour:
    """Guide rails of drawn aluminium at the upper and lower edge."""
    y = np.arange(HEIGHT_PX, dtype=np.float32)[:, None] + 0.5
    depth = plane(np.minimum(y, HEIGHT_PX - y))
    lip = np.exp(-((depth - _RAIL_PX + 2.0) ** 2) / 2.5)
    drawn = blurred(rng.standard_normal((HEIGHT_PX, 9), dtype=np.float32), 0.8)[:, :1]
    along = 1.0 + 0.05 * clouds(rng, _SHAPE, 150.0)
    metal = (0.13 + 0.28 * lip + 0.02 * drawn) * along
    shadow = 1.0 - 0.55 * np.exp(-np.maximum(depth - _RAIL_PX, 0.0) / 9.0)
    rail = 1.0 - ramp(depth, _RAIL_PX - 0.6, _RAIL_PX + 0.6)
    white = np.array([1.02, 1.0, 0.98], np.float32)
    return plane(colour * ((1.0 - rail) * shadow)[..., None] + (rail * metal)[..., None] * white)


def shadow(solid: Plane) -> Plane:
    """Light left on the belt under a part, from the share of metal over each pixel."""
    small = plane(cv2.resize(solid, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA))
    contact = blurred(small, 2.2)
    cast = blurred(_shifted(small, 3.6, 3.0), 4.0)
    left = (1.0 - 0.80 * contact) * (1.0 - 0.75 * cast)
    return plane(cv2.resize(left, solid.shape[::-1], interpolation=cv2.INTER_LINEAR))


def _shifted(field: Plane, right: float, down: float) -> Plane:
    move = np.array([[1.0, 0.0, right], [0.0, 1.0, down]], np.float32)
    return plane(cv2.warpAffine(field, move, field.shape[::-1]))
