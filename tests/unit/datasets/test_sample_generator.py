"""The sample's generator: repeatable, honest about its defects, careful with folders."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from full_disk import full_disk

from edgeinspect.core.errors import DatasetError
from edgeinspect.datasets.sample.defects import CLASSES
from edgeinspect.datasets.sample.generate import generate_sample
from edgeinspect.datasets.sample.part import GRADES, Defect
from edgeinspect.datasets.sample.render import render_part


def _contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*.*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (
        generate_sample(tmp_path / name, seed=3, good=2, defective=5).folder
        for name in ("first", "second")
    )
    assert _contents(first) == _contents(second)


def test_another_seed_gives_other_pictures() -> None:
    three, four = (render_part(seed, 0, None).image for seed in (3, 4))
    assert cv2.absdiff(three, four).mean() > 2.0


def test_progress_is_told_after_each_picture(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    made = generate_sample(
        tmp_path / "new", good=4, defective=1, on_image=lambda *done: told.append(done)
    )
    assert told == [(number, 5) for number in (1, 2, 3, 4, 5)]
    assert [image.shot.file for image in made.images] == [
        "train/good/000.jpg",
        "train/good/001.jpg",
        "train/good/002.jpg",
        "test/good/000.jpg",
        "test/scratch/000.jpg",
    ]


@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.parametrize("name", CLASSES)
def test_a_defect_is_seen_where_its_mask_says(name: str, grade: int) -> None:
    good, bad = render_part(5, 9, None), render_part(5, 9, Defect(name, grade))
    assert good.serial == bad.serial and good.boxes == () and not good.mask.any()
    change = cv2.absdiff(good.image, bad.image).max(axis=2)
    around = cv2.dilate(bad.mask, np.ones((13, 13), np.uint8)) > 0
    assert change[bad.mask > 0].mean() > 8.0
    assert change[~around].mean() < 0.5


def test_the_grades_of_a_defect_grow() -> None:
    for name in set(CLASSES) - {"missing_hole"}:
        areas = [np.count_nonzero(render_part(5, 9, Defect(name, grade)).mask) for grade in GRADES]
        assert areas == sorted(areas), name


@pytest.mark.parametrize("defect", [Defect("dust", 1), Defect("dent", 5), Defect("dent", 0)])
def test_a_defect_that_cannot_be_made_is_refused(defect: Defect) -> None:
    with pytest.raises(DatasetError, match=f"{defect.name} of grade {defect.grade}"):
        render_part(7, 0, defect)


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    kept = tmp_path / "holiday.jpg"
    kept.write_bytes(b"mine")
    with pytest.raises(DatasetError, match="choose an empty folder"):
        generate_sample(tmp_path, good=1, defective=0)
    assert _contents(tmp_path) == {"holiday.jpg": b"mine"}


@pytest.mark.parametrize("content", ["[]", "{", '{"generator": "other"}'])
def test_labels_of_something_else_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "labels.json").write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError, match="not an EdgeInspect sample"):
        generate_sample(tmp_path, good=1, defective=0)


def test_an_earlier_sample_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    generate_sample(tmp_path, seed=1, good=3, defective=2)
    (tmp_path / "README.md").write_text("notes", encoding="utf-8")
    (tmp_path / "train" / "good" / "mine.jpg").write_bytes(b"mine")
    generate_sample(tmp_path, seed=1, good=2, defective=0)
    assert set(_contents(tmp_path)) == {
        "README.md",
        "labels.json",
        "test/good/000.jpg",
        "train/good/000.jpg",
        "train/good/mine.jpg",
    }


def test_a_run_that_broke_off_has_no_labels_and_can_be_redone(tmp_path: Path) -> None:
    def break_off(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate_sample(tmp_path, good=3, defective=0, on_image=break_off)
    assert not (tmp_path / "labels.json").exists()
    generate_sample(tmp_path, good=1, defective=0)
    assert set(_contents(tmp_path)) == {"labels.json", "test/good/000.jpg"}


@pytest.mark.parametrize(
    ("seed", "good", "defective"), [(-1, 1, 1), (7, -1, 5), (7, 5, -1), (7, 0, 0), (7, 10**6, 0)]
)
def test_numbers_out_of_range_are_refused(
    tmp_path: Path, seed: int, good: int, defective: int
) -> None:
    with pytest.raises(DatasetError, match=r"give 0 or more|ask for 1 to"):
        generate_sample(tmp_path / "new", seed=seed, good=good, defective=defective)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(DatasetError, match="cannot be written"):
        generate_sample(tmp_path / "file" / "sample", good=1, defective=0)


def test_a_full_disk_leaves_no_new_folder(tmp_path: Path) -> None:
    with full_disk(10), pytest.raises(DatasetError, match=r"cannot be written \(File too large\)"):
        generate_sample(tmp_path / "sample", good=1, defective=0)
    assert not (tmp_path / "sample").exists()
