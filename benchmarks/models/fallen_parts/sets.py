"""Sets of pictures of parts that lie as they fall: drawn, made by the sample's lathe, and real."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import cv2
import numpy as np

from edgeinspect.core.frame import Image
from edgeinspect.datasets.images import read_image
from edgeinspect.datasets.layout import GOOD, good_images, test_images
from edgeinspect.datasets.sample import render
from edgeinspect.datasets.sample.defects import CLASSES
from edgeinspect.datasets.sample.geometry import HEIGHT_PX, WIDTH_PX, Pose
from edgeinspect.datasets.sample.part import GRADES, Defect

from .scene import Fall, on_table, photograph
from .shapes import Part

TAUGHT, GOOD_JUDGED, OF_A_FAULT, OF_REAL_FAULTS = 60, 40, 12, 80
GREEN = 0.25 * np.array([0.35, 1.0, 0.25])
CELL_SCALE, TILE_PX = 1.3, (280, 400)


@dataclass(frozen=True, slots=True)
class Fallen:
    """Pictures to teach from, and good and bad ones to judge."""

    taught: list[Image]
    good: list[Image]
    bad: list[Image]


def drawn_set(part: Part) -> Fallen:
    def shoot(number: int, fault: str | None) -> Image:
        rng = np.random.default_rng((number, len(part.faults)))
        return photograph(rng, part.draw(rng, fault), Fall.drawn(rng), part.table)

    return _made(shoot, part.faults)


def washer_set() -> Fallen:
    """The sample's washers, turned by any angle, farther from the middle of their belt."""

    def fallen(rng: np.random.Generator) -> Pose:
        turn_deg, right, down = rng.uniform((0, -90, -22), (360, 90, 22))
        return Pose(WIDTH_PX / 2 + right, HEIGHT_PX / 2 + down, turn_deg)

    def shoot(number: int, fault: str | None) -> Image:
        defect = Defect(fault, GRADES[number % len(GRADES)]) if fault else None
        return render.render_part(11, number, defect).image

    with mock.patch.object(render, "_pose", fallen):
        return _made(shoot, CLASSES)


def tile_set(folder: Path) -> Fallen:
    """Real tiles, all of one size, on a table."""
    rng = np.random.default_rng(0)
    good = [str(path) for path in good_images(folder)]
    bad = [str(each.path) for each in test_images(folder) if each.label != GOOD]
    return _pasted(rng, good, bad, lambda image: np.asarray(cv2.resize(image, TILE_PX)), 1.0)


def solar_set(folder: Path, kind: str) -> Fallen:
    """Real solar cells on a table, p = 0 for good and p = 1 for bad."""
    rows = [line.split() for line in (folder / "labels.csv").read_text().splitlines()]
    good, bad = (
        [str(folder / name) for name, p, type_ in rows if type_ == kind and float(p) == share]
        for share in (0.0, 1.0)
    )
    return _pasted(np.random.default_rng(0), good, bad, lambda image: image, CELL_SCALE)


def _made(shoot: Callable[[int, str | None], Image], faults: Sequence[str]) -> Fallen:
    good = [shoot(number, None) for number in range(TAUGHT + GOOD_JUDGED)]
    number = len(good)
    bad: list[Image] = []
    for fault in faults:
        bad += [shoot(number + len(bad) + each, fault) for each in range(OF_A_FAULT)]
    return Fallen(good[:TAUGHT], good[TAUGHT:], bad)


def _pasted(
    rng: np.random.Generator,
    good: list[str],
    bad: list[str],
    prepared: Callable[[Image], Image],
    scale: float,
) -> Fallen:
    def shoot(name: str) -> Image:
        lit = np.power(prepared(read_image(Path(name))) / 255, 2.2).astype(np.float32)
        return on_table(rng, lit, np.ones(lit.shape[:2], np.float32), Fall.drawn(rng), GREEN, scale)

    some = rng.permutation(good)[: TAUGHT + GOOD_JUDGED + OF_REAL_FAULTS // 2]
    taken = [shoot(name) for name in some]
    faulty = [shoot(name) for name in rng.permutation(bad)[:OF_REAL_FAULTS]]
    return Fallen(taken[:TAUGHT], taken[TAUGHT:], faulty)
