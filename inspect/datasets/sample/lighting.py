"""Lamps over the belt and how turned metal answers them."""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np

from .geometry import SAMPLES, Grid, Pose
from .noise import clouds, plane
from .part import Colour, Plane
from .surface import Surface

# Slope-space microfacet lobe (Beckmann, 1963) made anisotropic as Ward (1992) has it: wide
# across the grooves, narrow along them. It draws the bow tie of highlights seen on turned metal.
_ACROSS, _ALONG, _FROSTED = 0.34, 0.10, 0.34
_GLOSS, _SHEEN, _MATTE, _AMBIENT = 0.030, 0.07, 0.14, 0.045
_GROOVE_SLOPE, _GROOVE_SHADE = 0.05, 0.028

Slopes: TypeAlias = tuple[Plane, Plane]
"""Along x and y of the part's frame."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """A light: place over the image in px (z towards the camera), strength, colour BGR."""

    x_px: float
    y_px: float
    z_px: float
    strength: float
    colour: tuple[float, float, float]


def lamps(rng: np.random.Generator) -> tuple[Lamp, ...]:
    """Two bars, a ring round the lens and a window far off; each drifts a little."""
    fixed = (
        Lamp(60.0, -240.0, 560.0, 1.25, (1.05, 1.00, 0.95)),
        Lamp(700.0, 560.0, 620.0, 0.80, (0.97, 1.00, 1.02)),
        Lamp(320.0, 240.0, 900.0, 0.14, (1.00, 1.00, 1.00)),
        Lamp(-900.0, -500.0, 260.0, 1.00, (1.12, 1.00, 0.92)),
    )
    return tuple(_drifted(rng, lamp) for lamp in fixed)


def _drifted(rng: np.random.Generator, lamp: Lamp) -> Lamp:
    dx, dy = rng.normal(0.0, 14.0, 2)
    gain = 1.0 + 0.04 * rng.standard_normal()
    return Lamp(lamp.x_px + dx, lamp.y_px + dy, lamp.z_px, lamp.strength * gain, lamp.colour)


def lit_metal(
    rng: np.random.Generator,
    surface: Surface,
    groove: Plane,
    grid: Grid,
    lights: tuple[Lamp, ...],
) -> Colour:
    """Light that each metal sample sends to the camera."""
    slopes = _slopes(rng, surface, grid.pose)
    ridged = plane(surface.grain * groove)
    light = np.full((*grid.x.shape, 3), _AMBIENT, np.float32)
    for lamp in lights:
        answer = _answer(surface, ridged, grid, slopes, _half_slopes(lamp, grid))
        light += (lamp.strength * answer)[..., None] * np.array(lamp.colour, np.float32)
    reflects = surface.open * (1.0 + np.float32(_GROOVE_SHADE) * ridged)
    return plane(light * surface.tint * reflects[..., None])


def _answer(surface: Surface, ridged: Plane, grid: Grid, slopes: Slopes, halfway: Slopes) -> Plane:
    """Share of a lamp's light sent to the camera: a lobe about the mirror angle, and a matte."""
    radial_x, radial_y = np.cos(grid.angle), np.sin(grid.angle)
    narrow = 1.0 / (_FROSTED + (_ALONG - _FROSTED) * surface.grain)
    wide = 1.0 / (_FROSTED + (_ACROSS - _FROSTED) * surface.grain)
    dx, dy = halfway[0] - slopes[0], halfway[1] - slopes[1]
    across = (dx * radial_x + dy * radial_y + np.float32(_GROOVE_SLOPE) * ridged) * wide
    along = (dy * radial_x - dx * radial_y) * narrow
    lobe = np.exp(-(across * across + along * along)) * (_GLOSS * narrow * wide + _SHEEN)
    facing = halfway[0] * slopes[0] + halfway[1] * slopes[1]
    return plane(lobe + _MATTE * np.clip(0.30 + 1.3 * facing, 0.0, 1.0))


def _slopes(rng: np.random.Generator, surface: Surface, pose: Pose) -> Slopes:
    """Slopes of the surface's normal, with the waviness that clamping leaves."""
    wavy = surface.relief_px + 0.5 * clouds(rng, surface.relief_px.shape, 110.0 * SAMPLES)
    gain = 0.5 * SAMPLES
    right = plane(cv2.Sobel(wavy, cv2.CV_32F, 1, 0, ksize=1, scale=gain))
    down = plane(cv2.Sobel(wavy, cv2.CV_32F, 0, 1, ksize=1, scale=gain))
    cos, sin = (np.float32(axis) for axis in pose.axes())
    # A surface rising to the right looks left, so the normal's slope is minus the gradient.
    return plane(-(cos * right + sin * down)), plane(-(cos * down - sin * right))


def _half_slopes(lamp: Lamp, grid: Grid) -> Slopes:
    """Slopes of the half vector between lamp and camera."""
    x, y = grid.pose.to_part(lamp.x_px, lamp.y_px)
    dx, dy = np.float32(x) - grid.x, np.float32(y) - grid.y
    far = np.sqrt(dx * dx + dy * dy + np.float32(lamp.z_px**2)) + np.float32(lamp.z_px)
    return plane(dx / far), plane(dy / far)
