"""Five parts that lie as they fall, each with its faults."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .marks import around, blot, dome, inside, line, metal, painted, rim_fault, stamped
from .scene import ANGLE, RADIUS, Plane, Shape, X, Y, clouds

BRIGHT, RUST, DARK = (0.9, 0.9, 0.9), (0.12, 0.2, 0.35), (0.05, 0.08, 0.1)

Draw = Callable[[np.random.Generator, str | None], Shape]


@dataclass(frozen=True, slots=True)
class Part:
    """How a part is drawn, good or with one of its faults, and on which table it lies."""

    draw: Draw
    faults: tuple[str, ...]
    table: str


def screw(rng: np.random.Generator, fault: str | None) -> Shape:
    """A wood screw, rolled about its axis at random."""
    tip, core = 190 * (1 + 0.004 * rng.normal()), 17 * (1 + 0.01 * rng.normal())
    y = Y - (rng.choice((-1, 1)) * rng.uniform(7, 14) if fault == "bent tip" else 0.0) * np.square(
        ((X - tip + 60) / 60).clip(0, 1)
    )
    ridge = 1 - np.abs(2 * ((X / 17 + rng.uniform(0, 1) + y / core / 8) % 1) - 1)
    depth = 7 * ((X + 60) / 20).clip(0, 1)
    if fault == "missing thread":
        depth *= 1 - np.exp(-(((X - rng.uniform(0, tip - 50)) / rng.uniform(10, 16)) ** 4))
    blunt = rng.uniform(12, 22) if fault == "blunt tip" else 0.0
    taper = ((tip - blunt - X) / (12 if blunt else 34)).clip(0, 1) ** 0.8
    shank = (core + depth * ridge) * np.where(tip - 34 < X, taper, 1)
    head = 52 - (52 - core) * ((X + tip - 62) / 26).clip(0, 1)
    radius = np.where(-tip + 88 > X, np.maximum(head, core), shank) * ((-tip < X) & (tip > X))
    colour = metal(rng, 0.25)
    if fault == "scratch":
        colour = painted(colour, line(rng, (rng.uniform(-180, -70), 0), 28, 2), BRIGHT)
    if fault == "rust":
        spot = blot(rng, (rng.uniform(-tip + 10, tip - 40), 0), rng.uniform(6, 11))
        colour = painted(colour, spot, RUST, 0.8)
    height = 0.55 * np.sqrt((np.square(radius) - np.square(y)).clip(0))
    cover = inside(radius - np.abs(y)) * (radius > 0)
    return Shape(colour, _plane(height), _plane(cover), 0.5)


def lobed_nut(rng: np.random.Generator, fault: str | None) -> Shape:
    """A nut of four hooked lobes, which may lie on its face."""
    turns = (-ANGLE if fault == "flipped" else ANGLE) / (2 * np.pi) * 4
    along = turns % 1
    rim = 150 + 62 * np.where(
        along < 0.72, ((along - 0.1) / 0.6).clip(0, 1) ** 1.2, ((0.8 - along) / 0.08).clip(0, 1)
    )
    if fault == "bent":
        bent = np.floor(turns) % 4 == rng.integers(4)
        rim = rim - bent * rng.uniform(10, 18) * np.exp(-np.square((along - 0.55) / 0.25))
    depth = np.minimum(rim - RADIUS, RADIUS - 72)
    height = depth.clip(0, 8) + 1.2 * (118 - RADIUS).clip(0, 6) * (RADIUS > 72)
    colour = metal(rng, 0.45)
    if fault == "scratch":
        colour = painted(colour, line(rng, around(rng, 85, 145), rng.uniform(25, 60), 2), BRIGHT)
    if fault == "colour":
        colour = painted(colour, blot(rng, around(rng, 85, 145), rng.uniform(9, 18)), RUST, 0.7)
    return Shape(colour, _plane(height), inside(depth), 0.6)


def angle_plate(rng: np.random.Generator, fault: str | None) -> Shape:
    """A stamped plate of angle form with four holes."""
    depth = np.maximum(_box(-150, -160, -50, 160), _box(-150, 70, 150, 160))
    holes = [(-100, -115, 24), (-100, 0, 15), (100, 115, 24), (20, 115, 12)]
    if fault == "missing hole":
        holes.pop(int(rng.integers(4)))
    for x, y, radius in holes:
        depth = np.minimum(depth, np.hypot(X - x, Y - y) - radius)
    if fault == "burr":
        place = rng.uniform(-120, 120)
        depth = np.maximum(depth, rng.uniform(5, 9) - np.hypot(X + 150, Y - place))
    height = depth.clip(0, 6)
    colour = painted(metal(rng, 0.47), stamped("A7-2", (-40, 127)), (0.15, 0.15, 0.15))
    middle = (rng.uniform(-140, -60), rng.uniform(-150, 150))
    if fault == "dent":
        height = height - 4 * blot(rng, middle, rng.uniform(9, 15))
    if fault == "scratch":
        colour = painted(colour, line(rng, middle, rng.uniform(30, 60), 2), BRIGHT)
    if fault == "stain":
        colour = painted(colour, blot(rng, middle, rng.uniform(8, 15)), DARK, 0.6)
    return Shape(colour, _plane(height), inside(depth), 0.5)


def hazelnut(rng: np.random.Generator, fault: str | None) -> Shape:
    """A nut of its own size and grain, its pale foot at one end."""
    wide, tall = 150 * (1 + 0.05 * rng.normal()), 165 * (1 + 0.05 * rng.normal())
    across = wide * np.sqrt((1 - np.square(Y / tall)).clip(0)) * (1 + 0.12 * Y / tall)
    height = 0.8 * np.sqrt((wide**2 * (1 - np.square(X / wide) - np.square(Y / tall))).clip(0))
    grain = np.interp(np.arcsin((X / across.clip(1)).clip(-1, 1)), *_stripes(rng))
    grained = 1 + 0.16 * grain + 0.08 * clouds(rng, 14) + 0.05 * clouds(rng, 3)
    colour = _plane(grained[:, :, None] * np.array([0.12, 0.24, 0.45]))
    foot = (6 - 6 * np.hypot(X / (0.62 * wide), (Y - 0.86 * tall) / (0.32 * tall))).clip(0, 1)
    colour = painted(colour, _plane(foot), (0.33, 0.45, 0.60), 0.85)
    middle = around(rng, 10, 100)
    if fault == "crack":
        colour = painted(colour, line(rng, middle, rng.uniform(50, 110), 3), (0.02, 0.03, 0.05))
    if fault == "cut":
        colour = painted(colour, line(rng, middle, rng.uniform(20, 50), 4), (0.40, 0.55, 0.70))
    if fault == "hole":
        colour = painted(colour, blot(rng, middle, rng.uniform(6, 10)), (0.01, 0.02, 0.03))
    cover = inside(np.minimum(across - np.abs(X), tall - np.abs(Y)))
    return Shape(colour, _plane(height), cover, 0.12)


def o_ring(rng: np.random.Generator, fault: str | None) -> Shape:
    """A rubber ring, which has no angle."""
    rim = np.full_like(RADIUS, 150)
    if fault == "nick":
        rim = rim - rim_fault(rng, rng.uniform(6, 12), 0.06)
    if fault == "flash":
        rim = rim + rim_fault(rng, rng.uniform(6, 12), 0.05)
    colour = metal(rng, 0.12)
    if fault == "dust":
        colour = painted(colour, blot(rng, around(rng, 125, 137), rng.uniform(6, 10)), (0.5,) * 3)
    cover = inside(np.minimum(rim - RADIUS, RADIUS - 112))
    return Shape(colour, 0.8 * dome(19, 131), cover, 0.3)


PARTS = {
    "screw": Part(screw, ("bent tip", "blunt tip", "missing thread", "scratch", "rust"), "light"),
    "lobed nut": Part(lobed_nut, ("flipped", "bent", "scratch", "colour"), "dark"),
    "angle plate": Part(angle_plate, ("missing hole", "burr", "dent", "scratch", "stain"), "grey"),
    "hazelnut": Part(hazelnut, ("crack", "cut", "hole"), "dark"),
    "o-ring": Part(o_ring, ("nick", "flash", "dust"), "light"),
}


def _box(left: float, top: float, right: float, bottom: float, corner: float = 10) -> Plane:
    x = np.abs(X - (left + right) / 2) - (right - left) / 2 + corner
    y = np.abs(Y - (top + bottom) / 2) - (bottom - top) / 2 + corner
    return _plane(corner - np.hypot(x.clip(0), y.clip(0)) - np.minimum(np.maximum(x, y), 0))


def _stripes(rng: np.random.Generator) -> tuple[Plane, Plane]:
    noise = np.convolve(rng.standard_normal(124), (0.25, 0.5, 0.5, 0.5, 0.25), "valid")
    return _plane(np.linspace(-1.6, 1.6, 120)), _plane(noise)


def _plane(values: np.ndarray) -> Plane:
    return np.asarray(values, np.float32)
