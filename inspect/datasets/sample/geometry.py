"""The washer's form: its drawing, where it lies, and the solid it makes."""

import math
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np

from .noise import plane
from .part import Plane

WIDTH_PX, HEIGHT_PX = 640, 480
SAMPLES = 2
"""Samples per pixel and axis while drawing; averaged away by the sensor."""

OUTER_PX, BORE_PX = 190.0, 70.0
HOLE_PX, PITCH_PX, HOLES = 13.0, 130.0, 6
CHAMFER_PX, COUNTERSINK_PX = 5.0, 2.6
LEAN = 0.965
"""Scale of the far rim about the image centre: the camera is near, so walls of holes show."""

_MARGIN_PX = 16

Window: TypeAlias = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a part lies: centre in px, turn in degrees, clockwise on screen."""

    x_px: float
    y_px: float
    turn_deg: float

    def axes(self) -> tuple[float, float]:
        """Return cosine and sine of the turn."""
        turn = math.radians(self.turn_deg)
        return math.cos(turn), math.sin(turn)

    def to_part(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Turn an image position into the part's own frame."""
        cos, sin = self.axes()
        dx, dy = x_px - self.x_px, y_px - self.y_px
        return cos * dx + sin * dy, cos * dy - sin * dx

    def to_image(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Turn a point of the part into its image position."""
        cos, sin = self.axes()
        return self.x_px + cos * x_px - sin * y_px, self.y_px + sin * x_px + cos * y_px


@dataclass(frozen=True, slots=True)
class Grid:
    """Samples around a part, in the part's frame: x, y, radius in px, angle in radians."""

    pose: Pose
    left: int
    top: int
    x: Plane
    y: Plane
    radius: Plane
    angle: Plane

    def distance(self, x_px: float, y_px: float) -> Plane:
        """Distance in px of every sample from a point of the part."""
        dx, dy = self.x - np.float32(x_px), self.y - np.float32(y_px)
        return plane(np.sqrt(dx * dx + dy * dy))

    def window(self) -> Window:
        """Rows and columns of the canvas that the grid covers."""
        height, width = self.x.shape
        return slice(self.top, self.top + height), slice(self.left, self.left + width)

    def around(self, x_px: float, y_px: float, reach_px: float) -> Window:
        """Rows and columns of the grid within reach of a point of the part."""
        x, y = self.pose.to_image(x_px, y_px)
        middle_row, middle_column = y * SAMPLES - self.top, x * SAMPLES - self.left
        reach = reach_px * SAMPLES
        rows = slice(max(0, int(middle_row - reach)), int(middle_row + reach) + 1)
        return rows, slice(max(0, int(middle_column - reach)), int(middle_column + reach) + 1)

    def cut(self, window: Window) -> "Grid":
        """Return the grid of a window alone."""
        planes = (field[window] for field in (self.x, self.y, self.radius, self.angle))
        left, top = self.left + window[1].start, self.top + window[0].start
        return Grid(self.pose, left, top, *planes)


@dataclass(frozen=True, slots=True)
class Hole:
    """A bolt hole as drilled: centre in the part's frame and radius, px."""

    x_px: float
    y_px: float
    radius_px: float


def grid_around(pose: Pose) -> Grid:
    """Lay the sample grid over a part, cut to the canvas."""
    reach = OUTER_PX + _MARGIN_PX
    left, right = (_inside(pose.x_px + side * reach, WIDTH_PX) for side in (-1, 1))
    top, bottom = (_inside(pose.y_px + side * reach, HEIGHT_PX) for side in (-1, 1))
    columns = (np.arange(left, right, dtype=np.float32) + 0.5) / SAMPLES - np.float32(pose.x_px)
    rows = (np.arange(top, bottom, dtype=np.float32) + 0.5) / SAMPLES - np.float32(pose.y_px)
    dx, dy = np.meshgrid(columns, rows)
    cos, sin = (np.float32(axis) for axis in pose.axes())
    x, y = plane(cos * dx + sin * dy), plane(cos * dy - sin * dx)
    radius, angle = cv2.cartToPolar(x, y)
    return Grid(pose, left, top, x, y, plane(radius), plane(angle))


def _inside(position_px: float, limit_px: int) -> int:
    return int(np.clip(round(position_px), 0, limit_px)) * SAMPLES


def drill(rng: np.random.Generator) -> tuple[Hole, ...]:
    """Place the bolt holes, each a little off as a drill is."""
    holes = []
    for number in range(HOLES):
        angle = 2.0 * np.pi * number / HOLES
        dx, dy, dr = rng.normal(0.0, (0.35, 0.35, 0.2))
        x, y = PITCH_PX * np.cos(angle) + dx, PITCH_PX * np.sin(angle) + dy
        holes.append(Hole(float(x), float(y), float(HOLE_PX + dr)))
    return tuple(holes)


def coverage(inside_px: Plane) -> Plane:
    """Share of each sample that lies inside an edge, from the distance to it."""
    return plane(np.clip(inside_px * SAMPLES + 0.5, 0.0, 1.0))


def chamfer(inside_px: Plane, width_px: float) -> Plane:
    """Height in px of a 45 degree chamfer along an edge: 0 on the face, negative on the slope."""
    return plane(np.minimum(inside_px - np.float32(width_px), 0.0))
