"""A part of a drawing, laid on a table at any angle, lit by fixed lamps and photographed."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

CANVAS_PX, FRAME_PX = 512, 700
SCALE, PLAY_PX = 0.95, 60.0
LAMPS = ((-0.5, -0.6, 0.62, 0.55), (0.6, 0.3, 0.74, 0.30))
"""Direction (x, y, z towards the camera) and strength."""
AMBIENT = 0.30
TABLES = {"light": 0.62, "grey": 0.22, "dark": 0.03}
"""Share of light that a table sends back."""

Plane = NDArray[np.float32]
_MIDDLE = CANVAS_PX / 2 - 0.5
Y, X = (np.mgrid[0:CANVAS_PX, 0:CANVAS_PX] - _MIDDLE).astype(np.float32)
RADIUS, ANGLE = np.hypot(X, Y), np.arctan2(Y, X)


@dataclass(frozen=True, slots=True)
class Shape:
    """A part in its own frame: colour (rows, columns, 3), height in px, cover 0 to 1, gloss."""

    colour: Plane
    height: Plane
    cover: Plane
    gloss: float


@dataclass(frozen=True, slots=True)
class Fall:
    """How a part came to lie: turned clockwise in radians, its middle in px of the frame."""

    turn: float
    x_px: float
    y_px: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "Fall":
        """Draw any angle, and a place near the middle of the frame."""
        x, y = FRAME_PX / 2 + rng.uniform(-PLAY_PX, PLAY_PX, 2)
        return cls(float(rng.uniform(0, 2 * np.pi)), float(x), float(y))

    def affine(self, width_px: float, height_px: float, scale: float) -> NDArray[np.float64]:
        """Return the way from a picture of the part to the frame."""
        cos, sin = scale * np.cos(self.turn), scale * np.sin(self.turn)
        turned = np.array([[cos, -sin], [sin, cos]])
        corner = np.array([self.x_px, self.y_px]) - turned @ (width_px / 2, height_px / 2)
        return np.concatenate([turned, corner[:, None]], axis=1)


def clouds(rng: np.random.Generator, cell_px: float, side_px: int = CANVAS_PX) -> Plane:
    """Return smooth noise of about unit spread, (side_px, side_px)."""
    cells = int(side_px / cell_px) + 4
    grid = rng.standard_normal((cells, cells)).astype(np.float32)
    size = max(side_px, round(cells * cell_px))
    field = cv2.resize(grid, (size, size), interpolation=cv2.INTER_CUBIC)
    return np.asarray(field, np.float32)[:side_px, :side_px]


def photograph(rng: np.random.Generator, shape: Shape, fall: Fall, table: str) -> NDArray[np.uint8]:
    """Return the picture of a part that fell so, uint8 (FRAME_PX, FRAME_PX, 3)."""
    lit = _lit(shape, fall.turn)
    return on_table(rng, lit, shape.cover, fall, TABLES[table] * np.ones(3), SCALE)


def on_table(
    rng: np.random.Generator,
    lit: Plane,
    cover: Plane,
    fall: Fall,
    table: NDArray[np.float64],
    scale: float,
) -> NDArray[np.uint8]:
    """Return the picture of a part that sends back the light `lit`, (rows, columns, 3)."""
    affine, size = fall.affine(lit.shape[1], lit.shape[0], scale), (FRAME_PX, FRAME_PX)
    part = np.asarray(cv2.warpAffine(lit.astype(np.float32), affine, size), np.float32)
    share = np.asarray(cv2.warpAffine(cover.astype(np.float32), affine, size), np.float32)
    shadow = cv2.GaussianBlur(np.roll(share, (5, 7), (0, 1)), (0, 0), 6.0)
    ground = 1 + 0.02 * clouds(rng, 2, FRAME_PX) + 0.05 * clouds(rng, 200, FRAME_PX)
    ground = ground * (1 - 0.45 * np.asarray(shadow)) * (1 + 0.06 * rng.normal())
    scene = ground[:, :, None] * table
    scene = scene + share[:, :, None] * (part - scene)
    return _exposed(rng, scene * _uneven(rng)[:, :, None])


def _lit(shape: Shape, turn: float) -> Plane:
    """Return the light a part sends to the camera, which the lamps do not turn with."""
    smooth = cv2.GaussianBlur(shape.height.astype(np.float32), (0, 0), 0.8)
    right, down = (cv2.Sobel(smooth, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    upwards = 1 / np.sqrt(1 + np.square(right) + np.square(down))
    normal = np.stack([-right * upwards, -down * upwards, upwards], axis=2)
    cos, sin = np.cos(turn), np.sin(turn)
    light = np.full(shape.cover.shape, AMBIENT, np.float32)
    for x, y, z, strength in LAMPS:
        towards = np.array([cos * x + sin * y, cos * y - sin * x, z])
        halfway = towards + np.array([0, 0, 1])
        shine = np.clip(normal @ (halfway / np.linalg.norm(halfway)), 0, 1) ** 24
        light = light + strength * (np.clip(normal @ towards, 0, 1) + shape.gloss * shine)
    return np.asarray(shape.colour * light[:, :, None], np.float32)


def _uneven(rng: np.random.Generator) -> Plane:
    y, x = np.mgrid[-0.5 : 0.5 : FRAME_PX * 1j, -0.5 : 0.5 : FRAME_PX * 1j]
    hot_x, hot_y = rng.normal(-0.1, 0.08, 2)
    spot = np.exp(-(np.square(x - hot_x) + np.square(y - hot_y)) / 0.3)
    return np.asarray((0.85 + 0.3 * spot) * np.exp(0.05 * rng.normal()), np.float32)


def _exposed(rng: np.random.Generator, scene: Plane) -> NDArray[np.uint8]:
    soft = np.asarray(cv2.GaussianBlur(scene, (0, 0), rng.uniform(0.5, 0.8)))
    grain = rng.standard_normal(soft.shape) * np.sqrt(0.003**2 + 0.012**2 * soft.clip(0))
    return np.asarray(np.rint(255 * (soft + grain).clip(0, 1) ** (1 / 2.2)), np.uint8)
