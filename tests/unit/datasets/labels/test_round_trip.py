"""What was drawn is what is read, in every form of labels."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from label_files import WRITERS, Box, Picture

from edgeinspect.datasets.labels.read import read_boxes
from edgeinspect.datasets.labels.yolo import lines_of

SIDE = some.integers(17, 90)
CLASSES = some.lists(
    some.text(some.characters(categories=("L", "N"), include_characters="-_ &<"), min_size=1)
    .map(str.strip)
    .filter(bool),
    min_size=1,
    max_size=4,
    unique=True,
)
slowly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@some.composite
def pictures(draw: some.DrawFn, classes: int) -> tuple[Picture, ...]:
    return tuple(
        _picture(draw, f"part {number}", draw(SIDE), draw(SIDE), classes)
        for number in range(draw(some.integers(1, 3)))
    )


def _picture(draw: some.DrawFn, name: str, width: int, height: int, classes: int) -> Picture:
    boxes: list[Box] = []
    for _ in range(draw(some.integers(0, 4))):
        left, top = draw(some.integers(0, width - 3)), draw(some.integers(0, height - 3))
        right = draw(some.integers(left + 2, width))
        bottom = draw(some.integers(top + 2, height))
        if all((left, top, right, bottom) != box[1:] for box in boxes):
            boxes.append((draw(some.integers(0, classes - 1)), left, top, right, bottom))
    return Picture(name, width, height, tuple(boxes))


@pytest.mark.parametrize("form", WRITERS)
@given(data=some.data(), classes=CLASSES)
@slowly
def test_what_is_written_is_read(form: str, data: some.DataObject, classes: list[str]) -> None:
    drawn = data.draw(pictures(len(classes)))
    if not any(picture.boxes for picture in drawn):
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "set"
        WRITERS[form](root, classes, drawn)
        read = read_boxes(root)
    assert read.classes == tuple(classes)
    assert len(read.images) == len(drawn)
    for image, picture in zip(read.images, drawn, strict=True):
        assert image.path.stem == picture.name
        assert (image.width_px, image.height_px) == (picture.width_px, picture.height_px)
        assert [box.class_index for box in image.boxes] == [box[0] for box in picture.boxes]
        for box, drawn_box in zip(image.boxes, picture.boxes, strict=True):
            assert box.box_px == pytest.approx(drawn_box[1:], abs=1e-4)


@given(data=some.data())
@slowly
def test_labels_for_the_trainer_are_the_labels_read(data: some.DataObject) -> None:
    drawn = data.draw(pictures(3))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "set"
        WRITERS["yolo"](root, ("a", "b", "c"), drawn)
        read = read_boxes(root, form=None)
        for image in read.images:
            (root / "labels" / f"{image.path.stem}.txt").write_text(lines_of(image))
        again = read_boxes(root)
    for image, same in zip(read.images, again.images, strict=True):
        for box, twin in zip(image.boxes, same.boxes, strict=True):
            assert box.box_px == pytest.approx(twin.box_px, abs=1e-3)
