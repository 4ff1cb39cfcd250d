"""No picture that a person called defective is taken for a good part."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeinspect.core.errors import DatasetError
from edgeinspect.datasets.good_parts import good_parts


def _pictures(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), np.zeros((20, 30, 3), np.uint8))


@pytest.fixture
def boxed(tmp_path: Path) -> Path:
    """One picture with a box and one without; and a good one that has no label."""
    root = tmp_path / "boards"
    _pictures(root, "images/bad.png", "images/good.png", "template/bad.png")
    (root / "labels").mkdir()
    (root / "labels" / "bad.txt").write_text("2 3 12 14 1\n")
    (root / "labels" / "good.txt").write_text("")
    return root


@pytest.mark.parametrize("folder", [".", "images"])
def test_a_picture_with_a_box_is_named(boxed: Path, folder: str) -> None:
    with pytest.raises(DatasetError, match=r"images/bad\.png: defective"):
        good_parts(boxed / folder)


def test_pictures_without_boxes_are_good(boxed: Path) -> None:
    assert good_parts(boxed / "template") == (boxed / "template" / "bad.png",)
    (boxed / "labels" / "bad.txt").write_text("")
    assert len(good_parts(boxed)) == 3


@pytest.mark.parametrize("folder", [".", "test", "test/dent"])
def test_a_picture_among_defects_is_named(tmp_path: Path, folder: str) -> None:
    _pictures(tmp_path, "test/good/0.png", "test/dent/1.png", "ground_truth/dent/1_mask.png")
    with pytest.raises(DatasetError, match=r"1(_mask)?\.png: defective"):
        good_parts(tmp_path / folder)


def test_good_parts_beside_defects_are_good(tmp_path: Path) -> None:
    _pictures(tmp_path, "train/good/0.png", "test/good/1.png", "test/dent/2.png")
    assert [path.name for path in good_parts(tmp_path)] == ["0.png"]
    assert [path.name for path in good_parts(tmp_path / "test" / "good")] == ["1.png"]


def test_a_plain_folder_and_its_lots_are_good(tmp_path: Path) -> None:
    _pictures(tmp_path, "lot-1/0.png", "lot-2/1.png", "2.png")
    assert len(good_parts(tmp_path)) == 3
