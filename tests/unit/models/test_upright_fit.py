"""When parts are laid upright, and when nothing is moved."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from plates import draw_plate, fallen_plates

from edgeinspect.core.frame import Image
from edgeinspect.models.upright.fit import fit
from edgeinspect.models.upright.upright import place_upright


def in_a_fixture(count: int) -> list[Image]:
    rng = np.random.default_rng(4)
    return [
        draw_plate(seed, rng.normal(30, 0.7), (rng.normal(200, 1.5), rng.normal(200, 1.5)))
        for seed in range(count)
    ]


def textures(count: int) -> list[Image]:
    rng = np.random.default_rng(5)
    coarse = [rng.integers(60, 190, (20, 20, 3), np.uint8) for _ in range(count)]
    return [np.asarray(cv2.resize(each, (300, 300)), np.uint8) for each in coarse]


def two_plates(count: int) -> list[Image]:
    return [np.hstack([draw_plate(n, 37 * n), draw_plate(90 + n, 53 * n)]) for n in range(count)]


def rings(count: int) -> list[Image]:
    rng = np.random.default_rng(6)
    images = []
    for _ in range(count):
        image = np.full((300, 300, 3), 60, np.uint8)
        x, y = rng.integers(100, 200, 2)
        cv2.circle(image, (int(x), int(y)), 60, (180, 180, 180), 20, cv2.LINE_AA)
        images.append((image + rng.normal(0, 4, image.shape)).clip(0, 255).astype(np.uint8))
    return images


@pytest.mark.parametrize(
    "images",
    [
        pytest.param(in_a_fixture(12), id="parts in a fixture"),
        pytest.param(textures(12), id="a texture that fills the frame"),
        pytest.param(two_plates(12), id="two parts in a frame"),
        pytest.param(fallen_plates(7), id="too few images"),
        pytest.param([*fallen_plates(11), draw_plate(11)[:380]], id="frames of two sizes"),
    ],
)
def test_nothing_is_moved_where_it_would_not_help(images: Sequence[Image]) -> None:
    assert fit(images) is None


def test_parts_without_an_angle_are_only_centred() -> None:
    images = rings(10)
    upright = fit(images)
    assert upright is not None
    assert not upright.turns
    laid = [place_upright(image, 128, 128, upright).pixels for image in images]
    assert np.std(laid, axis=0).mean() < 10, "all lie in one place"


def test_rails_along_the_edges_are_no_part() -> None:
    plates = fallen_plates(10)
    for plate in plates:
        plate[:40] = plate[-40:] = 210
    upright = fit(plates)
    assert upright is not None
    assert upright.edges == "sides"
    assert upright.turns
