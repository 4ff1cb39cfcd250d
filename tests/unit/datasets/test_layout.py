"""Data sets in MVTec AD's layout and as plain folders."""

from pathlib import Path

import pytest

from edgeinspect.core.errors import DatasetError
from edgeinspect.datasets.layout import good_images
from edgeinspect.datasets.layout import test_images as labelled_images


@pytest.fixture
def mvtec(tmp_path: Path) -> Path:
    for name in (
        "train/good/1.png",
        "test/good/2.png",
        "test/scratch/3.png",
        "ground_truth/scratch/3_mask.png",
        "test/dent/4.png",
        "test/dent/notes.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def test_good_images_are_those_of_train(mvtec: Path) -> None:
    assert good_images(mvtec) == (mvtec / "train/good/1.png",)


def test_a_plain_folder_is_all_good(mvtec: Path) -> None:
    assert good_images(mvtec / "test" / "dent") == (mvtec / "test/dent/4.png",)


@pytest.mark.parametrize("folder", [".", "test"])
def test_test_images_carry_their_class_and_mask(mvtec: Path, folder: str) -> None:
    images = labelled_images(mvtec / folder)
    assert [(each.label, each.is_good) for each in images] == [
        ("dent", False),
        ("good", True),
        ("scratch", False),
    ]
    assert [each.mask for each in images] == [
        None,
        None,
        mvtec.resolve() / "ground_truth/scratch/3_mask.png",
    ]


def test_a_folder_without_classes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="class folders"):
        labelled_images(tmp_path)
