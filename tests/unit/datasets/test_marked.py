"""Marked defects are read as masks or as boxes; what is missing is named."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeinspect.core.errors import DatasetError
from edgeinspect.datasets.labels.boxes import BoxedImage
from edgeinspect.datasets.labels.read import Form
from edgeinspect.datasets.layout import LabelledImage
from edgeinspect.datasets.marked import MarkedDefects, marked_defects


def _grey(path: Path, grey: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((20, 30, 3), grey, np.uint8))


def _with_mask(root: Path, label: str, name: str, *, blank: bool = False) -> None:
    _grey(root / "test" / label / f"{name}.png", int(name))
    _grey(root / "ground_truth" / label / f"{name}_mask.png", 0 if blank else 255)


def test_masks_give_one_class_for_each_folder_and_blank_ones_are_left_out(tmp_path: Path) -> None:
    _with_mask(tmp_path, "scratch", "0")
    _with_mask(tmp_path, "dent", "1")
    _with_mask(tmp_path, "dent", "2", blank=True)
    _grey(tmp_path / "test" / "good" / "3.png", 3)
    marked = marked_defects(tmp_path)
    assert marked.classes == ("dent", "scratch")
    assert [image.path.name for image in marked.images] == ["1.png", "0.png"]
    assert _left_out(marked) == {"their masks mark nothing": ["2.png"]}
    assert all(isinstance(image, LabelledImage) for image in marked.images)


def _left_out(marked: MarkedDefects) -> dict[str, list[str]]:
    return {left.why: [path.name for path in left.paths] for left in marked.left_out}


def test_boxes_are_read_in_the_forms_of_labels(tmp_path: Path) -> None:
    _grey(tmp_path / "images" / "0.png", 0)
    _grey(tmp_path / "images" / "1.png", 1)
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
    _grey(tmp_path / "images" / "0.png", 0)
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "0.txt").write_text("2 3 12 14 2\n")
    assert marked_defects(tmp_path).classes == ("class-2",)
    assert marked_defects(tmp_path, ("open", "short")).classes == ("short",)
    (tmp_path / "ground_truth").mkdir()
    with pytest.raises(DatasetError, match="leave --classes out"):
        marked_defects(tmp_path, ("open", "short"))


def test_boxes_in_two_forms_are_told_apart_by_the_form_that_is_said(tmp_path: Path) -> None:
    _grey(tmp_path / "images" / "0.png", 0)
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "0.txt").write_text("2 3 12 14 spur\n")
    (tmp_path / "coco.json").write_text(
        '{"images": [{"id": 1, "file_name": "0.png", "width": 30, "height": 20}],'
        ' "categories": [{"id": 1, "name": "short"}],'
        ' "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5]}]}'
    )
    with pytest.raises(DatasetError, match="say which with --labels"):
        marked_defects(tmp_path)
    assert marked_defects(tmp_path, form=Form.CORNERS).classes == ("spur",)
    assert marked_defects(tmp_path, form=Form.COCO).classes == ("short",)


def test_a_class_that_is_named_but_never_drawn_is_left_out(tmp_path: Path) -> None:
    _grey(tmp_path / "images" / "0.png", 0)
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
    _grey(tmp_path / "test" / "dent" / "1.png", 1)
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


@pytest.mark.parametrize("other", ["test/scratch/1.png", "test/good/1.png"])
def test_a_picture_of_two_classes_is_refused(tmp_path: Path, other: str) -> None:
    _with_mask(tmp_path, "dent", "0")
    _grey(tmp_path / other, 0)
    _grey(tmp_path / "ground_truth" / "scratch" / "1_mask.png", 255)
    with pytest.raises(DatasetError, match=r"0\.png and .*1\.png are one picture with two labels"):
        marked_defects(tmp_path)


def test_a_copy_is_left_out_and_refused_with_another_mask(tmp_path: Path) -> None:
    _with_mask(tmp_path, "dent", "0")
    _with_mask(tmp_path, "dent", "1")
    _grey(tmp_path / "test" / "dent" / "1.png", 0)
    marked = marked_defects(tmp_path)
    assert [image.path.name for image in marked.images] == ["0.png"]
    assert _left_out(marked) == {"they are copies of others": ["1.png"]}
    _grey(tmp_path / "ground_truth" / "dent" / "1_mask.png", 254)
    with pytest.raises(DatasetError, match=r"1\.png: the same picture as .*0\.png, marked other"):
        marked_defects(tmp_path)


def test_a_copy_with_other_boxes_is_refused(tmp_path: Path) -> None:
    for number, grey in enumerate((10, 10, 30, 40)):
        _grey(tmp_path / "images" / f"{number}.png", grey)
    (tmp_path / "labels").mkdir()
    for name in ("0", "1", "2"):
        (tmp_path / "labels" / f"{name}.txt").write_text("2 3 12 14 spur\n")
    marked = marked_defects(tmp_path)
    assert [image.path.name for image in marked.images] == ["0.png", "2.png"]
    said = {"they have no label": ["3.png"], "they are copies of others": ["1.png"]}
    assert _left_out(marked) == said
    (tmp_path / "labels" / "1.txt").write_text("")
    with pytest.raises(DatasetError, match=r"1\.png: the same picture as .*0\.png, marked other"):
        marked_defects(tmp_path)


def test_where_nothing_is_marked_it_says_how_to_mark(tmp_path: Path) -> None:
    _grey(tmp_path / "test" / "dent" / "0.png", 0)
    with pytest.raises(DatasetError) as refused:
        marked_defects(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path}: no defect is marked in it; add masks as ground_truth/CLASS/NAME_mask.png, or "
        "drawn boxes in the form of YOLO, COCO, Pascal VOC or text files in a folder labels."
    )
