"""The committed sample: made anew it is the same, and its labels tell the truth."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import zxingcpp

from edgeinspect.core.frame import Image
from edgeinspect.datasets import layout
from edgeinspect.datasets.images import read_image
from edgeinspect.datasets.sample.defects import CLASSES
from edgeinspect.datasets.sample.generate import generate_sample
from edgeinspect.datasets.sample.render import render_part

Label = dict[str, Any]
pytestmark = pytest.mark.timeout(600)  # a slow machine needs minutes for the whole set


@pytest.fixture(scope="module")
def labels(sample: Path) -> list[Label]:
    images: list[Label] = json.loads((sample / "labels.json").read_bytes())["images"]
    return images


@pytest.fixture(scope="module")
def made_anew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_sample(tmp_path_factory.mktemp("sample")).folder


def _mask(path: Path) -> Image:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_UNCHANGED), np.uint8)


def _codes(path: Path) -> set[str]:
    return {code.text for code in zxingcpp.read_barcodes(read_image(path))}


def _pictures(folder: Path) -> set[str]:
    found = (path for end in ("jpg", "png") for path in folder.rglob(f"*.{end}"))
    return {path.relative_to(folder).as_posix() for path in found}


def test_made_anew_it_has_the_same_files_and_labels(sample: Path, made_anew: Path) -> None:
    assert _pictures(made_anew) == _pictures(sample)
    assert (made_anew / "labels.json").read_bytes() == (sample / "labels.json").read_bytes()


def test_made_anew_it_has_the_same_pictures(
    sample: Path, made_anew: Path, labels: list[Label]
) -> None:
    """JPEG codecs and processors round differently, by a level or so."""
    for label in labels:
        committed, anew = (read_image(root / label["file"]) for root in (sample, made_anew))
        difference = cv2.absdiff(committed, anew)
        assert difference.mean() < 0.5 and difference.max() <= 12, label["file"]


def test_made_anew_it_has_the_same_masks(
    sample: Path, made_anew: Path, labels: list[Label]
) -> None:
    for label in (label for label in labels if label["mask"]):
        assert np.array_equal(_mask(sample / label["mask"]), _mask(made_anew / label["mask"]))


def test_one_part_can_be_made_alone(sample: Path) -> None:
    alone = render_part(7, 5, None)
    assert cv2.absdiff(alone.image, read_image(sample / "train/good/005.jpg")).mean() < 3.0


def test_labels_name_the_files_that_are_there(sample: Path, labels: list[Label]) -> None:
    named = {label[key] for label in labels for key in ("file", "mask") if label[key]}
    assert named == _pictures(sample)


def test_it_is_read_as_a_data_set(sample: Path, labels: list[Label]) -> None:
    tested = layout.test_images(sample)
    assert len(layout.good_images(sample)) == 60
    assert Counter(image.label for image in tested) == {"good": 20} | dict.fromkeys(CLASSES, 12)
    masks = {image.mask for image in tested if image.mask}
    assert masks == {sample / label["mask"] for label in labels if label["mask"]}


def test_every_class_has_every_grade(labels: list[Label]) -> None:
    counted = Counter((label["class"], label["grade"]) for label in labels if label["grade"])
    assert counted == {(name, grade): 3 for name in CLASSES for grade in (1, 2, 3, 4)}


def test_a_box_holds_its_mask(sample: Path, labels: list[Label]) -> None:
    for label in (label for label in labels if label["mask"]):
        mask = _mask(sample / label["mask"])
        assert mask.shape == (480, 640) and set(np.unique(mask)) == {0, 255}
        ((x1, y1, x2, y2),) = label["boxes"]
        assert cv2.boundingRect(mask) == (x1, y1, x2 - x1, y2 - y1)


def test_good_parts_have_no_box(labels: list[Label]) -> None:
    assert all(label["boxes"] == [] for label in labels if label["class"] == "good")


def test_serials_are_unique_and_can_be_read(sample: Path, labels: list[Label]) -> None:
    assert len({label["serial"] for label in labels}) == len(labels) == 140
    read = sum(label["serial"] in _codes(sample / label["file"]) for label in labels)
    assert read >= 0.98 * len(labels)


def test_it_is_small(sample: Path) -> None:
    assert sum(path.stat().st_size for path in sample.rglob("*.*")) < 12_000_000
