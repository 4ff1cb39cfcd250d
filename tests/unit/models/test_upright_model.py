"""A model of parts that fall: taught, proved, judging, taught more."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from plates import HOLES, SIDE_PX, draw_plate, fallen, fallen_plates, on_plate

from edgeinspect.core.gauge import CircleGauge
from edgeinspect.core.judgement import Laid
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.verdict import Verdict
from edgeinspect.measuring.measure import measure
from edgeinspect.models.assess import assess
from edgeinspect.models.judge import ModelJudge, load_judge
from edgeinspect.models.teach.more import teach_more
from edgeinspect.models.teach.teach import Birth, teach


def written(folder: Path, seed: int, count: int) -> list[Path]:
    paths = [folder / f"{seed}-{number:02}.png" for number in range(count)]
    for path, image in zip(paths, fallen_plates(count, seed), strict=True):
        cv2.imwrite(str(path), image)
    return paths


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plates")
    teach(written(folder, 1, 16), folder / "plate.onnx", Birth("plate", "test"))
    return folder / "plate.onnx"


@pytest.fixture(scope="module")
def judge(model: Path) -> ModelJudge:
    return load_judge(model)


def test_good_plates_pass_however_they_lie(judge: ModelJudge) -> None:
    assert judge.manifest.upright is not None
    verdicts = [assess(plate, judge, Recipe()).decision.verdict for plate in fallen_plates(8, 3)]
    assert verdicts.count(Verdict.PASS) >= 7


def test_a_blot_is_found_where_it_lies_in_the_frame(judge: ModelJudge) -> None:
    pose = fallen(4, 0)
    x, y = on_plate(np.array([(0.0, 50.0)]), *pose)[0]
    image = draw_plate(40, *pose)
    cv2.circle(image, (round(x), round(y)), 9, (30, 30, 30), cv2.FILLED)
    done = assess(image, judge, Recipe())
    assert done.decision.verdict is Verdict.FAIL
    assert done.judgement is not None
    left, top, right, bottom = done.judgement.findings[0].box_px
    assert left <= x <= right
    assert top <= y <= bottom
    assert np.hypot((left + right) / 2 - x, (top + bottom) / 2 - y) < 50


def test_a_gauge_is_told_on_the_upright_part_and_measures_it_however_it_lies(
    judge: ModelJudge,
) -> None:
    def laid_of(number: int) -> Laid:
        laid = judge.judge(draw_plate(70 + number, *fallen(7, number)), np.inf).laid
        assert laid is not None
        return laid

    laid = laid_of(0)
    assert laid[:, :2].T @ laid[:, :2] == pytest.approx(np.eye(2))  # turned, and not scaled
    hole = on_plate(np.array([HOLES[2][:2]]), *fallen(7, 0))[0]
    right, down = np.linalg.solve(laid[:, :2], hole - laid[:, 2])
    gauge = CircleGauge(
        name="hole", centre_px=(right, down), radius_px=12, search_px=7, place_within=5, unit="px"
    )
    values = []
    for number in range(6):
        image = draw_plate(70 + number, *fallen(7, number))
        (found,) = measure(image, (gauge,), None, laid_of(number))
        diameter, place = found.measurements
        values.append(diameter.value)
        assert place.value < 3
    assert np.ptp(values) < 0.3
    assert np.mean(values) == pytest.approx(25, abs=0.3)  # OpenCV fills half a pixel beyond


def test_a_frame_without_a_part_is_reviewed(judge: ModelJudge) -> None:
    noise = np.random.default_rng(5).normal(50, 4, (SIDE_PX, SIDE_PX, 1)).clip(0, 255)
    empty = np.repeat(noise.astype(np.uint8), 3, axis=2)
    done = assess(empty, judge, Recipe())
    assert done.decision.verdict is Verdict.REVIEW
    assert done.decision.reasons[0].code is ReasonCode.PART_UNPLACED
    assert "no part stands out" in done.decision.reasons[0].text


def test_what_is_added_is_laid_as_before(model: Path, tmp_path: Path) -> None:
    before = load_judge(model).manifest
    after = teach_more(written(tmp_path, 6, 3), model, tmp_path / "more.onnx", "test")
    assert after.upright == before.upright
    assert load_judge(tmp_path / "more.onnx").manifest.training_images == 19
