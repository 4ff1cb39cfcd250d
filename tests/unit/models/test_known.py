"""Marked defects, learned beside what is good, with marks of two classes on the rings."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeinspect.core.errors import DatasetError
from edgeinspect.core.frame import Image
from edgeinspect.datasets.marked import marked_defects
from edgeinspect.models.file import read_model
from edgeinspect.models.judge import ModelJudge, load_judge
from edgeinspect.models.teach.more import take_back, teach_more
from edgeinspect.models.teach.teach import Birth, teach

from .conftest import DrawRing

EXAMPLES = 4
BLOTS = ((230, 120), (160, 50), (90, 120), (160, 190), (200, 70), (110, 170))


def _scratched(ring: Image, place: tuple[int, int]) -> Image:
    x, y = place
    return np.asarray(
        cv2.line(ring.copy(), (x - 22, y - 8), (x + 22, y + 8), (250, 250, 250), 3, cv2.LINE_AA)
    )


def _marked(folder: Path, draw_ring: DrawRing) -> Path:
    """Draw marked blots and scratches in MVTec AD's layout."""
    for number in range(EXAMPLES):
        place = BLOTS[number]
        pictures = {
            "blot": draw_ring(900 + number, blot=place),
            "scratch": _scratched(draw_ring(950 + number), place),
        }
        for label, picture in pictures.items():
            for part in ("test", "ground_truth"):
                (folder / part / label).mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(folder / "test" / label / f"{number}.png"), picture)
            mask = np.zeros(picture.shape[:2], np.uint8)
            cv2.circle(mask, place, 16, 255, -1)
            cv2.imwrite(str(folder / "ground_truth" / label / f"{number}_mask.png"), mask)
    return folder


@pytest.fixture(scope="module")
def marked_folder(tmp_path_factory: pytest.TempPathFactory, draw_ring: DrawRing) -> Path:
    return _marked(tmp_path_factory.mktemp("marked"), draw_ring)


@pytest.fixture(scope="module")
def known_model(
    rings: tuple[Path, ...], marked_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("known") / "known.onnx"
    teach(rings, path, Birth("ring", "test"), defects=marked_defects(marked_folder))
    return path


@pytest.fixture(scope="module")
def known_judge(known_model: Path) -> ModelJudge:
    return load_judge(known_model)


def _first_class(judge: ModelJudge, picture: Image) -> str:
    judgement = judge.judge(picture, judge.manifest.threshold.value)
    assert judgement.score >= judge.manifest.threshold.value
    return judgement.findings[0].class_name


def test_a_known_defect_is_called_by_its_name_or_by_none(
    known_judge: ModelJudge, draw_ring: DrawRing
) -> None:
    blots = [_first_class(known_judge, draw_ring(70 + i, blot=BLOTS[4 + i % 2])) for i in range(4)]
    scratches = [
        _first_class(known_judge, _scratched(draw_ring(80 + i), BLOTS[4 + i % 2])) for i in range(4)
    ]
    assert blots.count("blot") >= 3
    assert "blot" not in scratches


def test_a_good_part_still_passes(known_judge: ModelJudge, draw_ring: DrawRing) -> None:
    threshold = known_judge.manifest.threshold.value
    scores = [known_judge.judge(draw_ring(seed), threshold).score for seed in range(100, 120)]
    assert sum(score >= threshold for score in scores) <= 3


def test_the_manifest_counts_the_examples(known_model: Path) -> None:
    known = read_model(known_model).manifest.known
    assert known is not None
    assert {each.name: each.examples for each in known.classes} == {
        "blot": EXAMPLES,
        "scratch": EXAMPLES,
    }


def test_the_same_images_and_marks_give_the_same_graph(
    rings: tuple[Path, ...], marked_folder: Path, known_model: Path, tmp_path: Path
) -> None:
    defects = marked_defects(marked_folder)
    teach(rings, tmp_path / "again.onnx", Birth("ring", "test"), defects=defects)
    assert read_model(tmp_path / "again.onnx").graph == read_model(known_model).graph


def test_what_is_known_stays_known_when_more_is_taught(
    known_model: Path, draw_ring: DrawRing, tmp_path: Path
) -> None:
    cv2.imwrite(str(tmp_path / "new.png"), draw_ring(500, blot=(40, 200)))
    teach_more([tmp_path / "new.png"], known_model, tmp_path / "more.onnx", "qa")
    assert read_model(tmp_path / "more.onnx").manifest.known is not None
    take_back(tmp_path / "more.onnx", tmp_path / "back.onnx", "qa")
    assert read_model(tmp_path / "back.onnx").graph == read_model(known_model).graph


def test_a_defect_without_a_mask_is_named(tmp_path: Path, draw_ring: DrawRing) -> None:
    folder = _marked(tmp_path / "some", draw_ring)
    (folder / "ground_truth" / "blot" / "2_mask.png").unlink()
    with pytest.raises(DatasetError, match=r"2\.png: has no mask"):
        marked_defects(folder)


def test_a_folder_without_marks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ground_truth").mkdir()
    (tmp_path / "test" / "good").mkdir(parents=True)
    with pytest.raises(DatasetError):
        marked_defects(tmp_path)
