"""A region: nothing outside of it is taught or judged, and findings lie in the whole frame."""

from dataclasses import replace
from math import cos, pi, sin
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeinspect.core.errors import ModelError
from edgeinspect.core.frame import Image
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.region import CornerPx
from edgeinspect.core.verdict import Verdict
from edgeinspect.datasets.images import read_image
from edgeinspect.models.assess import Assessment, assess
from edgeinspect.models.gates import gates_of
from edgeinspect.models.judge import ModelJudge, load_judge
from edgeinspect.models.placed import Placed
from edgeinspect.models.placement import Laying, laid
from edgeinspect.models.region import FILL, cut_out, region_in
from edgeinspect.models.teach.more import teach_more
from edgeinspect.models.teach.teach import Birth, teach

BOX: tuple[CornerPx, ...] = ((110, 30), (530, 450))
WASHER = tuple(
    (round(320 + 208 * cos(turn * pi / 4)), round(240 + 208 * sin(turn * pi / 4)))
    for turn in range(8)
)
"""Eight corners around the sample's washer."""
ON_THE_WASHER, ON_THE_BELT, IN_A_CORNER = (430, 300), (60, 400), (135, 430)


def good(sample: Path) -> list[Path]:
    return sorted((sample / "train" / "good").iterdir())


@pytest.fixture(scope="module", params=[BOX, WASHER], ids=["box", "polygon"])
def model(
    sample: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Path:
    path = tmp_path_factory.mktemp("region") / "washer.onnx"
    teach(good(sample)[:16], path, Birth("washer", "test"), region_px=request.param)
    return path


@pytest.fixture(scope="module")
def judge(model: Path) -> ModelJudge:
    return load_judge(model)


@pytest.fixture
def washer(sample: Path) -> Image:
    return read_image(sample / "test" / "good" / "000.jpg")


def blotted(image: Image, place_px: tuple[int, int]) -> Image:
    blotted = image.copy()
    cv2.circle(blotted, place_px, 12, (20, 20, 200), cv2.FILLED)
    return blotted


def assessed(image: Image, judge: ModelJudge) -> Assessment:
    return assess(image, judge, Recipe())


def score(done: Assessment) -> float:
    assert done.judgement is not None
    return done.judgement.score


def focus(placed: Placed) -> float:
    measured = gates_of(placed).focus
    assert measured is not None
    return measured


def test_a_defect_inside_is_found_where_it_lies_in_the_frame(
    judge: ModelJudge, washer: Image
) -> None:
    assert assessed(washer, judge).decision.verdict is Verdict.PASS
    done = assessed(blotted(washer, ON_THE_WASHER), judge)
    assert done.decision.verdict is Verdict.FAIL
    assert done.judgement is not None
    left, top, right, bottom = done.judgement.findings[0].box_px
    assert left - 12 <= ON_THE_WASHER[0] <= right + 12
    assert top - 12 <= ON_THE_WASHER[1] <= bottom + 12
    assert max(right - left, bottom - top) < 160


def test_what_lies_outside_changes_nothing(judge: ModelJudge, washer: Image) -> None:
    alone, beside = assessed(washer, judge), assessed(blotted(washer, ON_THE_BELT), judge)
    assert score(beside) == score(alone)
    assert beside.decision == alone.decision
    assert beside.judgement is not None
    assert alone.judgement is not None
    assert beside.judgement.gates == alone.judgement.gates


def test_a_frame_of_another_size_goes_to_review(judge: ModelJudge, washer: Image) -> None:
    smaller = np.ascontiguousarray(washer[:400, :560])
    done = assessed(smaller, judge)
    assert done.judgement is None
    assert done.decision.verdict is Verdict.REVIEW
    (reason,) = done.decision.reasons
    assert reason.code is ReasonCode.FRAME_UNLIKE_TAUGHT
    assert reason.text == (
        "the frame is 560x400, the model's region was drawn in frames of 640x480"
    )


def test_a_model_that_is_taught_more_keeps_its_region(
    sample: Path, model: Path, tmp_path: Path
) -> None:
    region = load_judge(model).manifest.region
    more = teach_more(good(sample)[16:20], model, tmp_path / "more.onnx", "test")
    assert more.region == region
    other = tmp_path / "other.png"
    cv2.imwrite(str(other), np.zeros((400, 560, 3), np.uint8))
    with pytest.raises(ModelError, match=r"other\.png: 560x400 pixels, and the region was drawn"):
        teach_more([other], model, tmp_path / "no.onnx", "test")


def test_the_corners_of_a_box_around_a_polygon_are_not_judged(washer: Image) -> None:
    region = region_in(washer, WASHER)
    cut = cut_out(blotted(washer, IN_A_CORNER), region)
    assert np.array_equal(cut.pixels, cut_out(washer, region).pixels)
    assert cut.inside is not None
    assert (cut.pixels[cut.inside == 0] == FILL).all()
    left, top, right, bottom = region.box_px
    assert cut.pixels.shape == (bottom - top, right - left, 3)
    assert np.array_equal(cut.pixels[200, 200], washer[top + 200, left + 200])


def test_a_small_copy_of_a_frame_has_a_small_region(washer: Image) -> None:
    region = region_in(washer, BOX)
    small = np.asarray(cv2.resize(washer, (160, 120)), np.uint8)
    cut = cut_out(small, region)
    assert (cut.left_px, cut.top_px, cut.pixels.shape) == (27, 7, (106, 106, 3))


def test_the_rim_of_a_region_does_not_make_a_blurred_frame_look_sharp(washer: Image) -> None:
    laying = Laying(region_in(washer, WASHER))
    blurred = np.asarray(cv2.GaussianBlur(washer, (0, 0), 4), np.uint8)
    sharp_px, blurred_px = (laid(image, 320, 320, laying) for image in (washer, blurred))
    left = focus(blurred_px) / focus(sharp_px)
    assert left < 0.3
    with_rim = [focus(replace(placed, inside=None)) for placed in (blurred_px, sharp_px)]
    assert with_rim[0] / with_rim[1] > left + 0.05
    bare = gates_of(laid(np.full_like(washer, 200), 320, 320, laying))
    assert (bare.brightness, bare.contrast) == (200, 0)


@pytest.mark.parametrize(
    ("corners", "said"),
    [
        (((10, 10), (700, 300)), "the region ends at 700,300, the frame at 640,480"),
        (((10, 10), (20, 300)), "a region is at least 16 pixels wide and high"),
        (((10, 10), (300, 300), (300, 10), (10, 300)), "the sides of the region cross"),
    ],
)
def test_what_is_no_region_is_refused(
    washer: Image, corners: tuple[CornerPx, ...], said: str
) -> None:
    with pytest.raises(ModelError, match=rf"^--region: {said}"):
        region_in(washer, corners)
