"""Parts that lie as they fall: when they are laid upright, how exactly, and what is doubted."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from edgeinspect.core.frame import Image
from edgeinspect.core.upright import Uprighting
from edgeinspect.models.placed import Placed
from edgeinspect.models.upright.fit import fit
from edgeinspect.models.upright.upright import place_upright

SIDE_PX = 400
OUTLINE = np.array([(-90, -70), (-40, -70), (-40, 30), (80, 30), (80, 70), (-90, 70)], np.float64)
HOLES = ((-65, -45, 12), (-65, 5, 7), (55, 50, 12))
"""x, y and radius in px, from the middle of a plate that lies upright."""

CIRCLE = np.array([(math.cos(turn), math.sin(turn)) for turn in np.arange(0, 6.3, 0.2)])


def draw_plate(
    seed: int,
    turn_deg: float = 0.0,
    place: tuple[float, float] = (200, 200),
    *,
    mirrored: bool = False,
) -> Image:
    """Draw a bright plate of angle form on a dark table of uneven light, turned clockwise."""
    rng = np.random.default_rng(seed)
    canvas = np.full((SIDE_PX, SIDE_PX), 50, np.uint8)
    flip = np.array([-1, 1]) if mirrored else np.array([1, 1])
    _fill(canvas, to_frame(OUTLINE * flip, turn_deg, place), 190)
    for x, y, radius in HOLES:
        middle = to_frame(np.array([(x, y)]) * flip, turn_deg, place)[0]
        circle = middle + radius * np.array(
            [(math.cos(a), math.sin(a)) for a in np.arange(0, 6.3, 0.2)]
        )
        _fill(canvas, circle, 60)
    light = np.linspace(0.85, 1.15, SIDE_PX)[None, :] * rng.normal(1, 0.03)
    noisy = cv2.GaussianBlur(canvas, (0, 0), 0.8) * light + rng.normal(0, 4, canvas.shape)
    return np.repeat(noisy.clip(0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def to_frame(points: np.ndarray, turn_deg: float, place: tuple[float, float]) -> np.ndarray:
    """Return where points of an upright plate lie in a frame."""
    turn = math.radians(turn_deg)
    turning = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    return np.asarray(points @ turning + place)


def _fill(canvas: np.ndarray, outline: np.ndarray, level: int) -> None:
    cv2.fillPoly(canvas, [np.rint((outline - 0.5) * 16).astype(np.int32)], level, cv2.LINE_AA, 4)


def fallen_plates(count: int) -> list[Image]:
    rng = np.random.default_rng(1)
    return [
        draw_plate(seed, rng.uniform(0, 360), tuple(rng.uniform(165, 235, 2)))
        for seed in range(count)
    ]


@pytest.fixture(scope="module")
def upright() -> Uprighting:
    """What is learned from twelve plates as they fell."""
    learned = fit(fallen_plates(12))
    assert learned is not None
    return learned


@pytest.fixture(scope="module")
def expected(upright: Uprighting) -> np.ndarray:
    """Where the holes come to lie in an input of 256x256: the mean over many plates."""
    rng = np.random.default_rng(2)
    laid = []
    for seed in range(100, 116):
        turn_deg, place = rng.uniform(0, 360), tuple(rng.uniform(165, 235, 2))
        placed = place_upright(draw_plate(seed, turn_deg, place), 256, 256, upright)
        laid.append(in_input(placed, holes_at(turn_deg, place)))
    return np.asarray(np.mean(laid, axis=0))


def holes_at(turn_deg: float, place: tuple[float, float]) -> np.ndarray:
    return to_frame(np.array([hole[:2] for hole in HOLES], np.float64), turn_deg, place)


def in_input(placed: Placed, points: np.ndarray) -> np.ndarray:
    turned, corner = placed.to_frame[:, :2], placed.to_frame[:, 2]
    return np.asarray((points - corner) @ np.linalg.inv(turned).T)


def test_plates_that_fall_are_turned(upright: Uprighting) -> None:
    assert upright.turns
    assert upright.crop.width < 0.6, "the plate is cut out of the frame"


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(200, 300),
    turn_deg=st.floats(0, 360),
    x=st.floats(150, 250),
    y=st.floats(150, 250),
)
def test_a_plate_comes_back_within_2_px_and_2_degrees(
    upright: Uprighting,
    expected: np.ndarray,
    seed: int,
    turn_deg: float,
    x: float,
    y: float,
) -> None:
    placed = place_upright(draw_plate(seed, turn_deg, (x, y)), 256, 256, upright)
    assert placed.doubt is None
    off_px = (in_input(placed, holes_at(turn_deg, (x, y))) - expected) @ scale_of(placed)
    assert np.hypot(*off_px.T).max() < 2.0
    arm, wanted = off_px[2] - off_px[0] + ARM, ARM
    assert abs(math.degrees(math.atan2(*arm) - math.atan2(*wanted))) < 2.0


ARM = np.array([120.0, 95.0])
"""From the first hole to the last."""


def scale_of(placed: Placed) -> np.ndarray:
    """Return pixels of the frame for a pixel of the input, across and down."""
    return np.diag(np.hypot(*placed.to_frame[:, :2]))


def test_places_in_the_input_are_found_in_the_frame(upright: Uprighting) -> None:
    image = draw_plate(400, 200, (220, 190))
    x, y = to_frame(np.array([(-65.0, -20.0)]), 200, (220, 190))[0]
    cv2.circle(image, (round(x), round(y)), 4, (0, 0, 255), cv2.FILLED)
    placed = place_upright(image, 256, 256, upright)
    red = placed.pixels[:, :, 2].astype(int) - placed.pixels[:, :, 0] > 120
    rows, columns = np.nonzero(red)
    box = placed.in_frame((columns.min(), rows.min(), columns.max() + 1.0, rows.max() + 1.0))
    assert box is not None
    assert (box[0] + box[2]) / 2 == pytest.approx(x + 0.5, abs=2)
    assert (box[1] + box[3]) / 2 == pytest.approx(y + 0.5, abs=2)


def test_an_empty_frame_is_in_doubt_and_laid_in_whole(upright: Uprighting) -> None:
    rng = np.random.default_rng(3)
    empty = rng.normal(50, 4, (SIDE_PX, SIDE_PX, 3)).clip(0, 255).astype(np.uint8)
    placed = place_upright(empty, 256, 256, upright)
    assert placed.doubt == "no part stands out from the background"
    assert placed.in_frame((0, 0, 256, 256)) == (0, 0, SIDE_PX, SIDE_PX)


def test_a_part_that_lies_on_its_face_is_in_doubt(upright: Uprighting) -> None:
    placed = place_upright(draw_plate(5, 77, mirrored=True), 256, 256, upright)
    assert placed.doubt is not None
    assert "agrees with good ones" in placed.doubt


def test_a_part_much_too_large_is_in_doubt(upright: Uprighting) -> None:
    image = draw_plate(6)
    cv2.rectangle(image, (60, 60), (330, 330), (190, 190, 190), cv2.FILLED)
    placed = place_upright(image, 256, 256, upright)
    assert placed.doubt is not None
    assert "covers" in placed.doubt


def test_what_is_kept_lays_a_part_as_what_was_learned(upright: Uprighting) -> None:
    read = Uprighting.model_validate_json(upright.model_dump_json())
    image = draw_plate(7, 300, (180, 210))
    first, second = (place_upright(image, 256, 256, each) for each in (upright, read))
    assert (first.pixels == second.pixels).all()
    assert (first.to_frame == second.to_frame).all()


def test_a_template_of_another_size_is_refused(upright: Uprighting) -> None:
    kept = upright.model_dump() | {"template": "AAAA"}
    with pytest.raises(ValidationError, match="3 bytes, not 27648"):
        Uprighting.model_validate(kept)


def jittered(count: int, off_px: float, off_deg: float) -> list[Image]:
    rng = np.random.default_rng(4)
    return [
        draw_plate(seed, rng.normal(30, off_deg), tuple(rng.normal(200, off_px, 2)))
        for seed in range(count)
    ]


def noise(count: int) -> list[Image]:
    rng = np.random.default_rng(5)
    coarse = [rng.integers(60, 190, (20, 20, 3), np.uint8) for _ in range(count)]
    return [np.asarray(cv2.resize(each, (300, 300)), np.uint8) for each in coarse]


def two_plates(count: int) -> list[Image]:
    return [
        np.hstack([draw_plate(n, 37.0 * n), draw_plate(90 + n, 53.0 * n)]) for n in range(count)
    ]


@pytest.mark.parametrize(
    "images",
    [
        pytest.param(jittered(12, 1.5, 0.7), id="parts in a fixture"),
        pytest.param(noise(12), id="a texture that fills the frame"),
        pytest.param(two_plates(12), id="two parts in a frame"),
        pytest.param(fallen_plates(7), id="too few images"),
        pytest.param([*fallen_plates(11), draw_plate(11)[:380]], id="frames of two sizes"),
    ],
)
def test_nothing_is_moved_where_it_would_not_help(images: Sequence[Image]) -> None:
    assert fit(images) is None


def test_parts_without_an_angle_are_only_centred() -> None:
    rng = np.random.default_rng(6)
    images = []
    for _ in range(10):
        image = np.full((300, 300, 3), 60, np.uint8)
        middle = tuple(int(each) for each in rng.integers(100, 200, 2))
        cv2.circle(image, middle, 60, (180, 180, 180), 20, cv2.LINE_AA)
        images.append((image + rng.normal(0, 4, image.shape)).clip(0, 255).astype(np.uint8))
    upright = fit(images)
    assert upright is not None
    assert not upright.turns
    rings = [place_upright(image, 128, 128, upright).pixels for image in images]
    assert np.std(rings, axis=0).mean() < 10, "all lie in one place"


def test_rails_along_the_edges_are_no_part() -> None:
    plates = fallen_plates(10)
    for plate in plates:
        plate[:40] = plate[-40:] = 210
    upright = fit(plates)
    assert upright is not None
    assert upright.edges == "sides"
