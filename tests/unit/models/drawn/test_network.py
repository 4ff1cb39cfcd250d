"""The network that draws boxes: its slopes are those of its loss, its targets give boxes back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.models.teach.drawn.adam import Adam
from edgeinspect.models.teach.drawn.boxes import EITHER, MIRRORINGS, DrawnPicture
from edgeinspect.models.teach.drawn.loss import FOCUS, NEAR, RIGHT_SHARE, slope_of_loss
from edgeinspect.models.teach.drawn.network import Inputs, backward, forward
from edgeinspect.models.teach.drawn.targets import STRIDE_PX, Targets, targets_of
from edgeinspect.models.teach.drawn.weights import BOX, Weights, inputs_of
from edgeinspect.models.teach.form import DRAWN_TAPS

CLASSES = 2
SIDE_PX = 256
CELLS = SIDE_PX // STRIDE_PX

corner = st.integers(0, SIDE_PX - 24)
side = st.integers(8, 120)


@st.composite
def pictures(draw: st.DrawFn) -> DrawnPicture:
    """Noise with one to four boxes."""
    boxes = draw(
        st.lists(st.tuples(corner, corner, side, side), min_size=1, max_size=4, unique=True)
    )
    corners = np.array(
        [(x, y, min(x + w, SIDE_PX), min(y + h, SIDE_PX)) for x, y, w, h in boxes], np.float32
    )
    pixels = np.random.default_rng(0).integers(0, 255, (SIDE_PX, SIDE_PX, 3), np.uint8)
    return DrawnPicture(pixels, corners, np.arange(len(boxes)) % CLASSES)


def _inputs(rng: np.random.Generator, rows: int, columns: int) -> Inputs:
    shape = 2, rows, columns
    return [rng.standard_normal((*shape, inputs_of(tap))).astype(np.float32) for tap in DRAWN_TAPS]


def _loss(told: np.ndarray, targets: Targets) -> float:
    """The loss by its own formula, in float64."""
    logits, places = told[..., :CLASSES].astype(np.float64), told[..., CLASSES:]
    wanted = targets.class_of[..., None] == np.arange(CLASSES)
    chance = 1 / (1 + np.exp(-logits))
    right = np.where(wanted, chance, 1 - chance)
    share = np.where(wanted, RIGHT_SHARE, 1 - RIGHT_SHARE)
    of_class = -share * (1 - right) ** FOCUS * np.log(right)
    off = np.abs(places - targets.places)
    huber = np.where(off < NEAR, off**2 / (2 * NEAR), off - NEAR / 2)
    total = of_class[targets.class_of != EITHER].sum() + huber[targets.class_of >= 0].sum()
    return float(total / max(1, (targets.class_of >= 0).sum()))


def test_slopes_are_those_of_the_loss() -> None:
    rng = np.random.default_rng(1)
    inputs = _inputs(rng, 4, 5)
    weights = Weights.of([each.astype(np.float64) for each in Weights.drawn(CLASSES, rng).arrays()])
    targets = Targets(
        rng.integers(-2, CLASSES, (2, 4, 5)), rng.normal(0, 1, (2, 4, 5, BOX)).astype(np.float32)
    )
    done = forward(weights, inputs)
    slopes = backward(weights, done, slope_of_loss(done.told, targets))
    for slope, weight in zip(slopes.arrays(), weights.arrays(), strict=True):
        way = rng.standard_normal(weight.shape) * 1e-5
        weight += way
        above = _loss(forward(weights, inputs).told, targets)
        weight -= 2 * way
        below = _loss(forward(weights, inputs).told, targets)
        weight += way
        told = float((slope.astype(np.float64) * way).sum())
        assert (above - below) / 2 == pytest.approx(told, rel=0.01)


def test_steps_against_the_slope_make_the_loss_less() -> None:
    rng = np.random.default_rng(2)
    weights, inputs = Weights.drawn(CLASSES, rng), _inputs(rng, 4, 4)
    targets = Targets(rng.integers(-1, CLASSES, (2, 4, 4)), np.ones((2, 4, 4, BOX), np.float32))
    adam = Adam.beside(weights.arrays())
    before = _loss(forward(weights, inputs).told, targets)
    for step in range(1, 60):
        done = forward(weights, inputs)
        slopes = backward(weights, done, slope_of_loss(done.told, targets))
        adam.step(weights.arrays(), slopes.arrays(), 3e-3, step)
    assert _loss(forward(weights, inputs).told, targets) < before / 20


def test_weights_for_raw_inputs_say_the_same() -> None:
    rng = np.random.default_rng(3)
    weights, raw = Weights.drawn(CLASSES, rng), _inputs(rng, 3, 3)
    means = [rng.normal(2, 1, inputs_of(tap)).astype(np.float32) for tap in DRAWN_TAPS]
    spreads = [rng.uniform(0.5, 2, inputs_of(tap)).astype(np.float32) for tap in DRAWN_TAPS]
    scaled = [(x - mean) / spread for x, mean, spread in zip(raw, means, spreads, strict=True)]
    expected = forward(weights, scaled).told
    assert forward(weights.for_raw(means, spreads), raw).told == pytest.approx(expected, abs=0.02)


@given(pictures())
def test_every_box_is_told_by_a_cell_or_lies_under_another(picture: DrawnPicture) -> None:
    targets = targets_of(picture)
    rows, columns = np.nonzero(targets.class_of >= 0)
    assert len(rows)
    places = targets.places[rows, columns]
    middles = (np.stack([columns, rows], axis=1) + 0.5 + places[:, :2]) * STRIDE_PX
    sides = np.exp(places[:, 2:]) * STRIDE_PX
    told = np.concatenate([middles - sides / 2, middles + sides / 2], axis=1)
    apart = np.abs(told[:, None] - picture.corners[None]).max(axis=2)
    assert apart.min(axis=1) == pytest.approx(0, abs=0.01)
    assert (picture.class_of[apart.argmin(axis=1)] == targets.class_of[rows, columns]).all()
    sizes = np.prod(picture.corners[:, 2:] - picture.corners[:, :2], axis=1)
    last_drawn = np.argsort(-sizes, kind="stable")[-1]
    assert last_drawn in apart.argmin(axis=1)


@given(pictures(), st.integers(0, MIRRORINGS - 1))
def test_a_box_stays_on_what_it_was_drawn_around(picture: DrawnPicture, way: int) -> None:
    mirrored = picture.mirrored(way)
    for before, after in zip(picture.corners, mirrored.corners, strict=True):
        assert np.sort(_inside(picture, before), axis=None).tolist() == (
            np.sort(_inside(mirrored, after), axis=None).tolist()
        )


@given(pictures(), st.integers(0, 3))
def test_mirrored_twice_is_as_it_was(picture: DrawnPicture, way: int) -> None:
    again = picture.mirrored(way).mirrored(way)
    assert (again.pixels == picture.pixels).all()
    assert (again.corners == picture.corners).all()


def test_sides_that_differ_are_not_swapped() -> None:
    corners = np.array([[10, 20, 40, 30]], np.float32)
    picture = DrawnPicture(np.zeros((128, 256, 3), np.uint8), corners, np.zeros(1, np.int64))
    assert picture.mirrored(4).pixels.shape == (128, 256, 3)
    assert (picture.mirrored(4).corners == corners).all()


def _inside(picture: DrawnPicture, corners: np.ndarray) -> np.ndarray:
    left, top, right, bottom = corners.astype(int)
    return picture.pixels[top:bottom, left:right]
