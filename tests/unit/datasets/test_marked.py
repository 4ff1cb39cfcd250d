"""Marked defects are read as masks or as boxes; what is missing is named."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeinspect.core.errors import DatasetError
from edgeinspect.datasets.labels.boxes import BoxedImage
from edgeinspect.datasets.layout import LabelledImage
from edgeinspect.datasets.marked import marked_defects


def _write(path: Path, bright: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.zeros((20, 30, 3), np.uint8)
    picture[5:9, 5:9] = 255 if bright else 0
    cv2.imwrite(str(path), picture)


def _with_mask(root: Path, label: str, name: str, *, blank: bool = False) -> None:
    _write(root / "test" / label / f"{name}.png", True)
    _write(root / "ground_truth" / label / f"{name}_mask.png", not blank)


def test_masks_give_one_class_for_each_folder_and_blank_ones_are_left_out(tmp_path: Path) -> None:
    _with_mask(tmp_path, "scratch", "0")
    _with_mask(tmp_path, "dent", "1")
    _with_mask(tmp_path, "dent", "2", blank=True)
    _write(tmp_path / "test" / "good" / "3.png", True)
    marked = marked_defects(tmp_path)
    assert marked.classes == ("dent", "scratch")
    assert [image.path.name for image in marked.images] == ["1.png", "0.png"]
    assert [path.name for path in marked.blank] == ["2_mask.png"]
    assert all(isinstance(image, LabelledImage) for image in marked.images)


def test_boxes_are_read_in_the_forms_of_labels(tmp_path: Path) -> None:
    _write(tmp_path / "images" / "0.png", True)
    _write(tmp_path / "images" / "1.png", True)
    labels = tmp_path / "labels"
    labels.mkdir()
    (labels / "0.txt").write_text("2 3 12 14 spur\n")
    (labels / "1.txt").write_text("")
    marked = marked_defects(tmp_path)
    (image,) = marked.images
    assert isinstance(image, BoxedImage)
    assert marked.classes == ("spur",)
    assert image.boxes[0].box_px == (2, 3, 12, 14)


def test_classes_of_boxes_take_the_names_that_are_given(tmp_path: Path) -> None:
    _write(tmp_path / "images" / "0.png", True)
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "0.txt").write_text("2 3 12 14 2\n")
    assert marked_defects(tmp_path).classes == ("class-2",)
    assert marked_defects(tmp_path, ("open", "short")).classes == ("short",)
    (tmp_path / "ground_truth").mkdir()
    with pytest.raises(DatasetError, match="leave --classes out"):
        marked_defects(tmp_path, ("open", "short"))


def test_a_class_that_is_named_but_never_drawn_is_left_out(tmp_path: Path) -> None:
    _write(tmp_path / "images" / "0.png", True)
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "0.txt").write_text("2 0.5 0.5 0.2 0.2\n0 0.3 0.3 0.2 0.2\n")
    (tmp_path / "data.yaml").write_text("train: images\nnames: [open, short, spur]\n")
    marked = marked_defects(tmp_path)
    (image,) = marked.images
    assert isinstance(image, BoxedImage)
    assert marked.classes == ("open", "spur")
    assert [box.class_index for box in image.boxes] == [1, 0]


def test_a_defect_without_a_mask_is_named(tmp_path: Path) -> None:
    _with_mask(tmp_path, "dent", "0")
    _write(tmp_path / "test" / "dent" / "1.png", True)
    with pytest.raises(DatasetError, match=r"1\.png: has no mask; draw it as ground_truth/dent/1_"):
        marked_defects(tmp_path)


def test_a_class_may_not_be_called_unknown(tmp_path: Path) -> None:
    _with_mask(tmp_path, "unknown", "0")
    with pytest.raises(DatasetError, match="no class may be called 'unknown'"):
        marked_defects(tmp_path)


def test_blank_masks_alone_mark_no_defect(tmp_path: Path) -> None:
    _with_mask(tmp_path, "dent", "0", blank=True)
    with pytest.raises(DatasetError, match="no defect is marked"):
        marked_defects(tmp_path)


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such folder"):
        marked_defects(tmp_path / "none")
