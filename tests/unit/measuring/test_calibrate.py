"""A calibration from drawn boards measures drawn parts, through lens and tilt."""

from functools import lru_cache

import cv2
import numpy as np
import pytest
from bench_camera import FLAT, LOOK, TILTS, BenchCamera, Floats, board_painting, pose
from targets import Look, band, picture

from edgeinspect.core.calibration import Calibration
from edgeinspect.core.errors import MeasuringError
from edgeinspect.core.frame import Image
from edgeinspect.core.gauge import CircleGauge, DistanceGauge, Stripe
from edgeinspect.measuring.board import Board
from edgeinspect.measuring.calibrate import Shot, by_board, by_distance
from edgeinspect.measuring.measure import measure

CAMERA = BenchCamera()
BOARDS = {
    "charuco": Board("charuco", 8, 6, 10.0),
    "checkerboard": Board("checkerboard", 8, 6, 10.0),
}


def shot(board: Board, place: tuple[float, ...], look: Look = LOOK, seed: int = 0) -> Shot:
    return Shot(f"{seed}.png", CAMERA.shot(board_painting(board, look), *pose(place), seed, look))


@lru_cache
def shots(kind: str) -> tuple[Shot, tuple[Shot, ...]]:
    board = BOARDS[kind]
    tilted = tuple(shot(board, place, seed=n) for n, place in enumerate(TILTS, 1))
    return shot(board, FLAT), tilted


@lru_cache
def calibrated(kind: str) -> Calibration:
    flat, tilted = shots(kind)
    made = by_board(flat, tilted, BOARDS[kind], 0.0)
    assert made.left_out == ()
    return made.calibration


def plate(diameter: float, x: float, y: float) -> Image:
    def painting(right: Floats, down: Floats) -> Floats:
        inside = (right - x) ** 2 + (down - y) ** 2 <= diameter**2 / 4
        return np.where(inside, LOOK.shape, LOOK.ground)

    return CAMERA.shot(painting, *pose(FLAT), seed=9)


@pytest.mark.parametrize("kind", BOARDS)
def test_the_calibration_says_how_well_it_fits(kind: str) -> None:
    made = calibrated(kind)
    assert made.rms_px is not None and made.rms_px < 0.3
    assert made.lens is not None
    assert made.lens.focal_px[0] == pytest.approx(900, rel=0.02)
    assert made.lens.distortion[0] == pytest.approx(-0.12, abs=0.03)
    assert made.mm_per_px == pytest.approx(170 / 900, rel=0.06)
    assert made.place_mm < 0.3 * made.mm_per_px


@pytest.mark.parametrize("kind", BOARDS)
@pytest.mark.parametrize("at_mm", [(40.0, 28.0), (5.0, 5.0), (75.0, 50.0)])
def test_a_circle_measures_the_same_wherever_it_lies(kind: str, at_mm: tuple[float, float]) -> None:
    image = plate(16.0, *at_mm)
    dark = np.argwhere(image[:, :, 0] < 110).mean(axis=0)
    gauge = CircleGauge(
        name="bore",
        centre_px=(float(dark[1]), float(dark[0])),
        radius_px=43,
        search_px=14,
    )
    (found,) = measure(image, (gauge,), calibrated(kind))
    assert found.trouble is None
    (value,) = found.measurements
    error_mm = abs(value.value - 16.0)
    assert error_mm < 0.1 * calibrated(kind).mm_per_px
    assert value.unit == "mm"
    assert value.uncertainty is not None and error_mm < value.uncertainty < 0.15


def test_one_picture_of_the_board_is_enough_where_the_lens_bends_nothing() -> None:
    camera = BenchCamera(bends=(0.0, 0.0, 0.0, 0.0))
    board = BOARDS["checkerboard"]
    flat = Shot("flat.png", camera.shot(board_painting(board), *pose(FLAT)))
    made = by_board(flat, (), board, 0.001).calibration
    assert made.lens is None
    assert made.rms_px is not None and made.rms_px < 0.15
    assert 0.001 <= made.uncertainty < 0.0012


def test_too_few_views_and_views_all_alike_are_refused() -> None:
    flat, tilted = shots("charuco")
    with pytest.raises(MeasuringError, match="3 pictures show the board, 5 or more are needed"):
        by_board(flat, tilted[:2], BOARDS["charuco"], 0.0)
    alike = tuple(
        shot(BOARDS["charuco"], (*FLAT[:3], FLAT[3] + n, FLAT[4] - n, FLAT[5]), seed=n)
        for n in range(1, 6)
    )
    with pytest.raises(MeasuringError, match="too alike: the board's tilts differ by"):
        by_board(flat, alike, BOARDS["charuco"], 0.0)


def test_another_board_than_was_named_is_refused() -> None:
    flat, tilted = shots("checkerboard")
    with pytest.raises(MeasuringError, match=r"0\.png: shows no whole checkerboard:9x7"):
        by_board(flat, tilted, Board("checkerboard", 9, 7, 10.0), 0.0)
    flat, tilted = shots("charuco")
    with pytest.raises(MeasuringError, match="shows a larger board than charuco:6x5"):
        by_board(flat, tilted, Board("charuco", 6, 5, 10.0), 0.0)


def test_a_blurred_board_is_refused_and_a_blurred_view_left_out() -> None:
    flat, tilted = shots("checkerboard")
    soft = Shot("soft.png", np.asarray(cv2.GaussianBlur(flat.image, (0, 0), 4.0), np.uint8))
    with pytest.raises(MeasuringError, match=r"soft\.png: (is blurred|shows no)"):
        by_board(soft, tilted, BOARDS["checkerboard"], 0.0)
    (said,) = by_board(flat, (*tilted, soft), BOARDS["checkerboard"], 0.0).left_out
    assert "soft.png" in said


def test_pictures_of_two_cameras_are_refused() -> None:
    flat, _ = shots("charuco")
    other = Shot("other.png", flat.image[:100, :100])
    with pytest.raises(MeasuringError, match=r"other\.png: is 100x100, 0\.png 640x480"):
        by_board(flat, (other,), BOARDS["charuco"], 0.0)


def test_one_known_distance_between_two_edges() -> None:
    image = picture(band((100, 80), 80.0, 5.0), Look())
    made = by_distance(((20, 80), (180, 80)), 40.0, 0.01, image)
    assert made.mm_per_px == pytest.approx(0.5, abs=0.001)
    assert 0.0002 < made.uncertainty < 0.002
    stripe = Stripe(from_px=(20, 80), to_px=(180, 80))
    narrow = picture(band((100, 80), 50.0, 0.0), Look(), seed=2)
    (found,) = measure(narrow, (DistanceGauge(name="width", stripe=stripe),), made)
    assert found.measurements[0].value == pytest.approx(25.0, abs=0.05)


def test_one_known_distance_between_two_places() -> None:
    made = by_distance(((10, 10), (310, 410)), 50.0, 0.0)
    assert made.mm_per_px == pytest.approx(0.1)
    assert made.uncertainty == pytest.approx(2**0.5 * 0.5 / 500)
    with pytest.raises(MeasuringError, match="less than 8 pixels apart"):
        by_distance(((10, 10), (12, 10)), 50.0, 0.0)
    with pytest.raises(MeasuringError, match="the two edges are not found"):
        by_distance(((20, 80), (180, 80)), 40.0, 0.0, picture(band((900, 0), 1, 0), Look()))


def test_a_frame_of_another_size_is_not_measured() -> None:
    gauge = CircleGauge(name="bore", centre_px=(50, 50), radius_px=20, search_px=6)
    (found,) = measure(plate(16.0, 40, 28)[:400], (gauge,), calibrated("charuco"))
    assert found.trouble == "the frame is 640x400, the calibration is for 640x480"
    assert not found.measurements
