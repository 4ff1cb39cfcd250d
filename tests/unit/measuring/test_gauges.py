"""What gauges find, and what they say when there is nothing to be sure of."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from targets import Look, band, disc, picture

from edgeinspect.core.frame import Image
from edgeinspect.core.gauge import CircleGauge, DistanceGauge, Gauge, HolesGauge, Step, Stripe
from edgeinspect.core.inspection import Measurement
from edgeinspect.measuring.measure import measure

STRIPE = Stripe(from_px=(20, 80), to_px=(180, 80), width_px=40)
WIDTH = DistanceGauge(name="width", stripe=STRIPE, unit="px")
BORE = CircleGauge(name="bore", centre_px=(100, 80), radius_px=30, search_px=10, unit="px")
HOLES = HolesGauge(
    name="holes", box_px=(10, 10, 190, 150), least_px=14, most_px=30, nominal=2, below=0, above=0
)
GAUGES: list[Gauge] = [WIDTH, BORE, HOLES]
PART = band((100, 80), 60.0, 2.0)
RING = disc((100, 80, 60.0))


def found(image: Image, gauge: Gauge) -> tuple[Measurement, ...]:
    (gauged,) = measure(image, (gauge,), None)
    assert gauged.trouble is None
    return gauged.measurements


def trouble(image: Image, gauge: Gauge) -> str:
    (gauged,) = measure(image, (gauge,), None)
    assert gauged.measurements == ()
    assert gauged.trouble is not None
    return gauged.trouble


@pytest.mark.parametrize("gauge", GAUGES, ids=lambda gauge: gauge.name)
def test_nothing_to_be_seen_is_no_value(gauge: Gauge) -> None:
    noise = picture(lambda x, _: x < 0, Look(), seed=3)
    assert "no edge" in (said := trouble(noise, gauge)) or "nothing stands out" in said
    assert trouble(np.full((160, 200, 3), 255, np.uint8), gauge)
    assert trouble(np.zeros((160, 200, 3), np.uint8), gauge)


def test_a_saturated_edge_is_no_value() -> None:
    burnt = picture(PART, Look(ground=300.0))
    assert "saturated" in trouble(burnt, WIDTH)
    assert "saturated" in trouble(picture(RING, Look(ground=300.0)), BORE)


def test_a_part_half_covered_is_no_value() -> None:
    image = picture(PART, Look())
    image[60:85] = 40
    assert "no edge" in (said := trouble(image, WIDTH)) or "lie on one" in said
    image = picture(RING, Look())
    image[:82] = 40
    assert trouble(image, BORE)


def test_a_little_dirt_is_passed_over() -> None:
    image = picture(PART, Look())
    image[72:80, 58:64] = 30
    assert found(image, WIDTH)[0].value == pytest.approx(60, abs=0.15)
    image = picture(RING, Look())
    image[44:56, 90:110] = 40
    assert found(image, BORE)[0].value == pytest.approx(60, abs=0.1)


def test_only_one_edge_is_no_distance() -> None:
    half = picture(lambda x, _: x < 100, Look())
    assert trouble(half, WIDTH) == "only one edge is there"


def test_the_way_grey_changes_chooses_the_edge() -> None:
    image = picture(lambda x, y: band((70, 80), 40, 0)(x, y) | band((140, 80), 30, 0)(x, y), Look())
    between = WIDTH.model_copy(update={"first_step": Step.TO_BRIGHT, "last_step": Step.TO_DARK})
    assert found(image, WIDTH)[0].value == pytest.approx(105, abs=0.1)
    assert found(image, between)[0].value == pytest.approx(35, abs=0.1)


@pytest.mark.parametrize("gauge", GAUGES, ids=lambda gauge: gauge.name)
def test_a_place_out_of_the_frame_is_a_sentence(gauge: Gauge) -> None:
    small = picture(PART, Look(), width=60, height=60)
    assert "its place reaches out of the frame" in trouble(small, gauge)
    assert "of 60x60)" in trouble(small, gauge)


def test_holes_are_counted_and_a_missing_one_is_missed() -> None:
    three = disc((50, 50, 20), (100, 80, 20), (150, 110, 20))
    places = {"places_px": ((50, 50), (150, 110)), "place_within": 3.0, "unit": "px"}
    gauge = HolesGauge.model_validate(HOLES.model_dump() | places)
    (count,) = found(picture(three, Look()), gauge)
    assert (count.value, count.unit, count.low, count.high) == (3, "1", 2, 2)
    two = disc((51, 50, 20), (150, 110, 20))
    count, place = found(picture(two, Look()), gauge)
    assert (count.value, place.name, place.high) == (2, "holes.place", 3.0)
    assert place.value == pytest.approx(1.0, abs=0.1)


def test_what_is_no_whole_hole_of_the_size_is_not_counted() -> None:
    shapes = disc((50, 50, 20), (150, 50, 8), (150, 110, 50), (10, 100, 20))

    def with_slot(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.asarray(shapes(x, y) | ((x > 60) & (x < 110) & (y > 100) & (y < 108)))

    assert found(picture(with_slot, Look()), HOLES)[0].value == 1


@given(turn=st.floats(-180, 180), right=st.floats(-8, 8), down=st.floats(-8, 8))
@settings(max_examples=20, deadline=None)
def test_a_part_measures_the_same_however_it_lies(turn: float, right: float, down: float) -> None:
    """A part turned in the frame, with its place known, has the width of one that is not."""
    middle = np.array([100 + right, 100 + down])
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    turned = np.array([[cos, -sin], [sin, cos]])
    laid = np.column_stack([turned, middle - turned @ np.array([50.0, 50.0])])
    image = picture(band((middle[0], middle[1]), 40.0, turn), Look(), 200, 200)
    stripe = Stripe(from_px=(15, 50), to_px=(85, 50), width_px=30)
    gauge = DistanceGauge(name="width", stripe=stripe, unit="px")
    (gauged,) = measure(image, (gauge,), None, laid)
    assert gauged.measurements[0].value == pytest.approx(40, abs=0.12)
