"""How exactly parts that fell are laid upright, and what is doubted."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plates import HOLES, SIDE_PX, Place, Points, draw_plate, fallen, fallen_plates, on_plate
from pydantic import ValidationError

from edgeinspect.core.upright import Uprighting
from edgeinspect.models.placed import Placed
from edgeinspect.models.upright.fit import fit
from edgeinspect.models.upright.upright import place_upright

CENTRES = np.array([hole[:2] for hole in HOLES])
ARM = CENTRES[2] - CENTRES[0]


@pytest.fixture(scope="module")
def upright() -> Uprighting:
    """What is learned from twelve plates as they fell."""
    learned = fit(fallen_plates(12))
    assert learned is not None
    return learned


@pytest.fixture(scope="module")
def expected(upright: Uprighting) -> Points:
    """Where the holes come to lie in an input of 256x256: the mean over other plates."""
    laid = []
    for number in range(16):
        pose = fallen(2, number)
        placed = place_upright(draw_plate(number, *pose), 256, 256, upright)
        laid.append(in_input(placed, CENTRES, *pose))
    return np.asarray(np.mean(laid, axis=0))


def in_input(placed: Placed, points: Points, turn_deg: float, place: Place) -> Points:
    """Return where points of a plate that fell so lie in the input."""
    turned, corner = placed.to_frame[:, :2], placed.to_frame[:, 2]
    return np.asarray((on_plate(points, turn_deg, place) - corner) @ np.linalg.inv(turned).T)


def scale_of(placed: Placed) -> Points:
    """Return the frame's pixels in one of the input, across and down."""
    return np.asarray(np.hypot(*placed.to_frame[:, :2]))


def test_plates_that_fall_are_turned_and_cut_out(upright: Uprighting) -> None:
    assert upright.turns
    assert max(upright.crop.width, upright.crop.height) * SIDE_PX < 220


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(200, 300),
    turn_deg=st.floats(0, 360),
    x=st.floats(150, 250),
    y=st.floats(150, 250),
)
def test_a_plate_comes_back_within_2_px_and_2_degrees(
    upright: Uprighting, expected: Points, seed: int, turn_deg: float, x: float, y: float
) -> None:
    placed = place_upright(draw_plate(seed, turn_deg, (x, y)), 256, 256, upright)
    assert placed.doubt is None
    off_px = (in_input(placed, CENTRES, turn_deg, (x, y)) - expected) * scale_of(placed)
    assert np.hypot(*off_px.T).max() < 2.0
    seen = ARM + off_px[2] - off_px[0]
    assert abs(math.degrees(math.atan2(*seen) - math.atan2(*ARM))) < 2.0


def test_places_in_the_input_are_found_in_the_frame(upright: Uprighting) -> None:
    image = draw_plate(400, 200, (220, 190))
    x, y = on_plate(np.array([(-65.0, -20.0)]), 200, (220, 190))[0]
    cv2.circle(image, (round(x), round(y)), 4, (0, 0, 255), cv2.FILLED)
    placed = place_upright(image, 256, 256, upright)
    red = placed.pixels[:, :, 2].astype(int) - placed.pixels[:, :, 0] > 120
    rows, columns = np.nonzero(red)
    box = placed.in_frame(
        (float(columns.min()), float(rows.min()), columns.max() + 1.0, rows.max() + 1.0)
    )
    assert box is not None
    assert (box[0] + box[2]) / 2 == pytest.approx(x + 0.5, abs=2)
    assert (box[1] + box[3]) / 2 == pytest.approx(y + 0.5, abs=2)


def test_dust_beside_the_part_is_painted_over(upright: Uprighting) -> None:
    clean = draw_plate(8, 40)
    dusty = clean.copy()
    x, y = on_plate(np.array([(40.0, -30.0)]), 40, (200, 200))[0]
    cv2.circle(dusty, (round(x), round(y)), 3, (220, 220, 220), cv2.FILLED)
    laid = [place_upright(image, 256, 256, upright) for image in (clean, dusty)]
    column, row = in_input(laid[1], np.array([(40.0, -30.0)]), 40, (200, 200))[0]
    assert 8 < column < 248
    assert 8 < row < 248, "the dust lies in the crop"
    off = np.abs(laid[0].pixels.astype(int) - laid[1].pixels)
    assert off[round(row) - 6 : round(row) + 6, round(column) - 6 : round(column) + 6].max() < 10


def test_an_empty_frame_is_in_doubt_and_laid_in_whole(upright: Uprighting) -> None:
    noise = np.random.default_rng(3).normal(50, 4, (SIDE_PX, SIDE_PX, 3))
    placed = place_upright(noise.clip(0, 255).astype(np.uint8), 256, 256, upright)
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
