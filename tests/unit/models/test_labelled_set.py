"""Which images an evaluation takes of a folder, and what is true of them."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeinspect.core.errors import DatasetError
from edgeinspect.datasets.labels.read import Form
from edgeinspect.datasets.labels.unlabelled import Unlabelled
from edgeinspect.models.evaluate.defects import TrueBox
from edgeinspect.models.evaluate.labelled_set import Reading, judged_images, labelled_set

AUTO = Reading()


def _picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.zeros((40, 60, 3), np.uint8))
    return path


@pytest.fixture
def boards(tmp_path: Path) -> Path:
    """Boards as DeepPCB keeps them, in two splits."""
    for split, names in (("trainval", "ab"), ("test", "cd")):
        for name in names:
            _picture(tmp_path / split / "defective" / f"{name}.png")
            _picture(tmp_path / split / "template" / f"{name}.png")
            labels = tmp_path / split / "labels"
            labels.mkdir(exist_ok=True)
            (labels / f"{name}.txt").write_text("1 2 11 12 1\n20 20 30 30 2\n", encoding="utf-8")
    (tmp_path / "test" / "labels" / "d.txt").write_text("1 2 11 12 1\n", encoding="utf-8")
    return tmp_path


def test_of_drawn_boxes_the_split_for_testing_is_taken(boards: Path) -> None:
    found = labelled_set(boards, AUTO)
    assert [(image.path.name, image.label) for image in found.images] == [
        ("c.png", "class-1 + class-2"),
        ("d.png", "class-1"),
        ("c.png", "good"),
        ("d.png", "good"),
    ]
    assert found.images[0].labels == ("class-1", "class-2")
    assert found.images[2].labels == ("good",)
    assert found.boxes is not None
    assert found.boxes[boards / "test" / "defective" / "d.png"] == (
        TrueBox("class-1", (1, 2, 11, 12)),
    )
    assert judged_images(boards) == found.images


def test_classes_may_be_named(boards: Path) -> None:
    found = labelled_set(boards, Reading(names=("open", "short")))
    assert found.images[0].labels == ("open", "short")


def test_a_folder_of_good_parts_means_labels_by_folder(boards: Path) -> None:
    for label in ("good", "dent"):
        _picture(boards / "test" / label / "1.png")
    found = labelled_set(boards, AUTO)
    assert found.boxes is None
    assert {"good", "dent"} <= {image.label for image in found.images}
    assert labelled_set(boards, Reading(Form.CORNERS)).boxes is not None


def test_boxes_without_any_split_are_all_taken(tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    (tmp_path / "data.yaml").write_text("names: [dent]\ntrain: images\n", encoding="utf-8")
    for name, text in (("a", "0 0.5 0.5 0.2 0.2\n"), ("b", "")):
        _picture(tmp_path / "images" / f"{name}.png")
        (tmp_path / "labels" / f"{name}.txt").write_text(text, encoding="utf-8")
    found = labelled_set(tmp_path, AUTO)
    assert [image.label for image in found.images] == ["dent", "good"]
    _picture(tmp_path / "images" / "c.png")
    with pytest.raises(DatasetError, match=r"c\.png: has no label"):
        labelled_set(tmp_path, AUTO)
    as_good = labelled_set(tmp_path, Reading(unlabelled=Unlabelled.GOOD))
    assert [image.label for image in as_good.images] == ["dent", "good", "good"]


def test_a_plain_folder_holds_good_parts_to_choose_by_and_nothing_to_evaluate(
    tmp_path: Path,
) -> None:
    _picture(tmp_path / "1.png")
    assert [image.label for image in judged_images(tmp_path)] == ["good"]
    with pytest.raises(DatasetError, match="no class folders"):
        labelled_set(tmp_path, AUTO)
