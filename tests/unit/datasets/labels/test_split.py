"""Which images teach, and which measure."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from label_files import Picture, write_corners, write_yolo

from edgeinspect.core.errors import DatasetError
from edgeinspect.datasets.labels.boxes import BoxDataset, BoxedImage, LabelledBox, Split
from edgeinspect.datasets.labels.read import read_boxes
from edgeinspect.datasets.labels.split import part

CLASSES = ("scratch", "dent")


def _pictures(prefix: str, count: int) -> tuple[Picture, ...]:
    return tuple(Picture(f"{prefix}{n}", 64, 48, ((n % 2, 4, 4, 30, 20),)) for n in range(count))


def _data(classes: list[list[int]]) -> BoxDataset:
    images = tuple(
        BoxedImage(
            Path(f"{n}.png"), 64, 48, tuple(LabelledBox(each, (1, 1, 9, 9)) for each in of_image)
        )
        for n, of_image in enumerate(classes)
    )
    return BoxDataset("YOLO", ("a", "b", "c"), images)


@settings(deadline=None)
@given(
    some.lists(some.lists(some.integers(0, 2), max_size=2), min_size=8, max_size=40), some.randoms()
)
def test_every_image_is_on_one_side_and_every_class_is_taught(
    classes: list[list[int]], random: object
) -> None:
    del random
    data = _data([[0], *classes])
    parted = part(data, seed=3)
    paths = [image.path for image in (*parted.train, *parted.val)]
    assert sorted(paths) == sorted(image.path for image in data.images)
    taught = {box.class_index for image in parted.train for box in image.boxes}
    assert taught == {each for of_image in [[0], *classes] for each in of_image}
    assert not parted.own
    assert not parted.shared


def test_the_same_seed_parts_alike_and_another_does_not() -> None:
    data = _data([[n % 3] for n in range(40)])
    assert part(data, 1) == part(data, 1)
    assert part(data, 1).val != part(data, 2).val
    assert len(part(data, 1).val) == 8


def test_the_own_split_is_kept_and_test_images_are_left_out(tmp_path: Path) -> None:
    for name, count in (("train", 5), ("val", 2), ("test", 3)):
        write_yolo(tmp_path / name, CLASSES, _pictures(name, count))
        (tmp_path / name / "data.yaml").unlink()
    (tmp_path / "data.yaml").write_text(
        "path: /on/another/machine\ntrain: ../train/images\nval: val/images\ntest: test/images\n"
        "names: {0: scratch, 1: dent}\n"
    )
    data = read_boxes(tmp_path)
    assert [len(data.of(split)) for split in Split] == [5, 2, 3]
    parted = part(data, 0)
    assert (len(parted.train), len(parted.val), parted.own) == (5, 2, True)


def test_folders_named_for_a_split_are_one(tmp_path: Path) -> None:
    write_corners(tmp_path / "trainval", CLASSES, _pictures("a", 9))
    write_corners(tmp_path / "test", CLASSES, _pictures("b", 3))
    for name in ("trainval", "test"):
        (tmp_path / name / "classes.txt").unlink()
    data = read_boxes(tmp_path, names=CLASSES)
    assert data.classes == CLASSES
    assert (len(data.of(Split.TRAIN)), len(data.of(Split.TEST))) == (9, 3)
    parted = part(data, 0)
    assert len(parted.train) + len(parted.val) == 9


def test_twins_without_defects_are_no_second_image(tmp_path: Path) -> None:
    write_corners(tmp_path, CLASSES, _pictures("a", 3))
    shutil.copytree(tmp_path / "defective", tmp_path / "template")
    assert {image.path.parent.name for image in read_boxes(tmp_path).images} == {"defective"}


def test_one_folder_for_both_is_said_to_be_shared(tmp_path: Path) -> None:
    write_yolo(tmp_path, CLASSES, _pictures("a", 3))
    (tmp_path / "data.yaml").write_text("train: images\nval: images\nnames: [scratch, dent]\n")
    assert part(read_boxes(tmp_path), 0).shared


@pytest.mark.parametrize("count", [1, 7])
def test_too_few_images_are_refused(count: int) -> None:
    with pytest.raises(DatasetError, match="too few to fine-tune"):
        part(_data([[0]] * count), 0)


def test_images_without_any_box_are_refused() -> None:
    with pytest.raises(DatasetError, match="none of the images to teach from has a box"):
        part(_data([[]] * 12), 0)


@pytest.mark.data
def test_real_boards_are_read(real_images: Path) -> None:
    names = ("open", "short", "mousebite", "spur", "copper", "pin-hole")
    data = read_boxes(real_images / "deeppcb", names=names)
    assert data.classes == names
    assert (len(data.of(Split.TRAIN)), len(data.of(Split.TEST))) == (250, 125)
    assert not data.unlabelled
    used = {box.class_index for image in data.images for box in image.boxes}
    assert used == set(range(len(names)))
