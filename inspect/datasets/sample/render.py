"""One part, from the lathe to its finished photograph."""

import cv2
import numpy as np

from ...core.errors import DatasetError
from .belt import belt, shadow
from .blank import Blank, Spoilt
from .camera import exposure, photograph
from .defects import SPOIL
from .geometry import HEIGHT_PX, SAMPLES, WIDTH_PX, Grid, Hole, Pose, drill, grid_around
from .lighting import lamps, lit_metal
from .marking import mark, serial_number
from .noise import plane
from .part import GRADES, Box, Colour, Defect, Pixels, Plane, RenderedPart
from .surface import grooves, turned
from .walls import walls
from .wear import handled

_STREAMS = ("part", "marking", "wear", "defect", "light", "belt", "camera")
_PLAY_PX, _PLAY_DEG = 2.5, 0.8
_SIZE = (WIDTH_PX, HEIGHT_PX)


def render_part(seed: int, index: int, defect: Defect | None) -> RenderedPart:
    """Photograph part `index` of the sample `seed`, alike each time; 0 or more for both.

    A part with and without its defect is the same in all else. Raises DatasetError for a defect
    that cannot be made.
    """
    rng = {
        name: np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, index, number))))
        for number, name in enumerate(_STREAMS)
    }
    grid, holes = grid_around(_pose(rng["part"])), drill(rng["part"])
    surface = turned(rng["part"], grid, holes)
    groove = grooves(rng["part"], grid)
    serial = serial_number(index)
    surface = handled(rng["wear"], mark(rng["marking"], surface, grid, serial))
    part = _spoilt(rng["defect"], Blank(surface, grid, holes), defect)
    scene = _scene(rng, part, groove, grid, holes)
    image = photograph(rng["camera"], scene, exposure(rng["camera"]))
    mask = _mask(part.fault, grid)
    return RenderedPart(image, mask, _boxes(mask), serial)


def _pose(rng: np.random.Generator) -> Pose:
    dx, dy = rng.uniform(-_PLAY_PX, _PLAY_PX, 2)
    turn = rng.uniform(-_PLAY_DEG, _PLAY_DEG)
    return Pose(WIDTH_PX / 2 + float(dx), HEIGHT_PX / 2 + float(dy), float(turn))


def _spoilt(rng: np.random.Generator, blank: Blank, defect: Defect | None) -> Spoilt:
    if defect is None:
        return Spoilt(blank.surface, np.zeros_like(blank.grid.x))
    if defect.name not in SPOIL or defect.grade not in GRADES:
        raise DatasetError(
            f"Defect {defect.name} of grade {defect.grade} cannot be made; "
            f"choose one of {', '.join(SPOIL)} and a grade from {GRADES[0]} to {GRADES[-1]}."
        )
    return SPOIL[defect.name](rng, blank, defect.grade)


def _scene(
    rng: dict[str, np.random.Generator],
    part: Spoilt,
    groove: Plane,
    grid: Grid,
    holes: tuple[Hole, ...],
) -> Colour:
    """Light of the whole scene at `SAMPLES` per pixel: belt, walls of holes, metal."""
    lights = lamps(rng["light"])
    metal = lit_metal(rng["light"], part.surface, groove, grid, lights)
    seen, wall = walls(grid, holes, lights)
    wall *= part.surface.open
    canvas = np.zeros((HEIGHT_PX * SAMPLES, WIDTH_PX * SAMPLES), np.float32)
    canvas[grid.window()] = part.surface.solid
    ground = belt(rng["belt"]) * shadow(plane(cv2.resize(canvas, _SIZE)))[..., None]
    scene = plane(cv2.resize(ground, None, fx=SAMPLES, fy=SAMPLES))
    here = scene[grid.window()]
    here += seen[..., None] * (wall[..., None] - here)
    here += part.surface.solid[..., None] * (metal - here)
    return scene


def _mask(fault: Plane, grid: Grid) -> Pixels:
    canvas = np.zeros((HEIGHT_PX * SAMPLES, WIDTH_PX * SAMPLES), np.float32)
    canvas[grid.window()] = fault
    share = cv2.resize(canvas, _SIZE, interpolation=cv2.INTER_AREA)
    return np.where(share > 0.5, 255, 0).astype(np.uint8)


def _boxes(mask: Pixels) -> tuple[Box, ...]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return ()
    return ((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1),)
