"""Rings with boxes drawn around dark blots and bright streaks: others are boxed and named."""

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeinspect.core.errors import DatasetError, ModelError
from edgeinspect.core.finding import BoxPx, Finding
from edgeinspect.core.frame import Image
from edgeinspect.core.manifest import Grade
from edgeinspect.core.recipe import Recipe
from edgeinspect.datasets.images import read_image
from edgeinspect.datasets.labels.boxes import BoxedImage, LabelledBox
from edgeinspect.datasets.layout import LabelledImage
from edgeinspect.datasets.marked import MarkedDefects
from edgeinspect.models.evaluate.defects import TrueBox
from edgeinspect.models.evaluate.judging import judge_images
from edgeinspect.models.file import read_model
from edgeinspect.models.findings import boxed_and_strange
from edgeinspect.models.judge import ModelJudge, load_judge
from edgeinspect.models.placement import WHOLE
from edgeinspect.models.teach.cache import cache_path, read_cache
from edgeinspect.models.teach.drawn.asked import (
    ENOUGH_BOXES,
    MOST_SIDE_PX,
    enough_boxes,
    fine_for_boxes,
)
from edgeinspect.models.teach.drawn.drawn import taught_head
from edgeinspect.models.teach.drawn.inputs import InputReader
from edgeinspect.models.teach.form import Size, form_of
from edgeinspect.models.teach.more import take_back, teach_more
from edgeinspect.models.teach.teach import Birth, teach

DrawRing = Callable[..., Image]
RING = Birth("ring", "test")
CLASSES = ("blot", "streak")


def _bad(draw_ring: DrawRing, seed: int) -> tuple[Image, tuple[LabelledBox, ...]]:
    """Return a ring with a blot and a streak, and the boxes around them."""
    rng = np.random.default_rng(seed)
    x, y = 160 + int(rng.integers(-50, 50)), 50 + int(rng.integers(-4, 4))
    image = draw_ring(seed, blot=(x, y))
    left, top = 40 + int(rng.integers(0, 200)), 130 + int(rng.integers(0, 20))
    cv2.line(image, (left, top), (left + 30, top + 60), (240, 250, 120), 5)
    blot, streak = (x - 15, y - 15, x + 15, y + 15), (left - 3, top - 3, left + 34, top + 64)
    return image, tuple(
        LabelledBox(index, (float(a), float(b), float(c), float(d)))
        for index, (a, b, c, d) in enumerate((blot, streak))
    )


@pytest.fixture(scope="module")
def boxed(tmp_path_factory: pytest.TempPathFactory, draw_ring: DrawRing) -> MarkedDefects:
    folder = tmp_path_factory.mktemp("boxed")
    images = []
    for number in range(ENOUGH_BOXES):
        image, boxes = _bad(draw_ring, 1000 + number)
        path = folder / f"{number}.png"
        cv2.imwrite(str(path), image)
        images.append(BoxedImage(path, 320, 240, boxes))
    return MarkedDefects(CLASSES, tuple(images))


@pytest.fixture(scope="module")
def model(
    tmp_path_factory: pytest.TempPathFactory, rings: tuple[Path, ...], boxed: MarkedDefects
) -> Path:
    path = tmp_path_factory.mktemp("drawn") / "ring.onnx"
    teach(rings, path, RING, defects=boxed)
    return path


@pytest.fixture(scope="module")
def judge(model: Path) -> ModelJudge:
    return load_judge(model)


def _findings(judge: ModelJudge, image: Image) -> tuple[Finding, ...]:
    return judge.judge(image, judge.manifest.threshold.value).findings


def test_known_defects_are_boxed_and_named(
    judge: ModelJudge, draw_ring: DrawRing, tmp_path: Path
) -> None:
    images, true = [], {}
    for number in range(8):
        image, boxes = _bad(draw_ring, 2000 + number)
        path = tmp_path / f"{number}.png"
        cv2.imwrite(str(path), image)
        images.append(LabelledImage(path, "bad"))
        true[path] = [TrueBox(CLASSES[box.class_index], box.box_px) for box in boxes]
    measured = judge_images(images, judge, Recipe(), boxes=true).boxes
    assert measured is not None
    assert measured.by_class
    assert measured.map50 >= 0.9


def test_a_good_part_still_passes(judge: ModelJudge, draw_ring: DrawRing) -> None:
    found = [_findings(judge, draw_ring(seed)) for seed in range(100, 120)]
    assert sum(bool(each) for each in found) <= 3


def test_a_defect_that_nobody_drew_is_found_all_the_same(
    judge: ModelJudge, draw_ring: DrawRing
) -> None:
    image, gone = draw_ring(2000), (210, 100, 260, 140)
    left, top, right, bottom = gone
    image[top:bottom, left:right] = 90  # a piece of the ring is gone
    assert judge.judge(image, 0).score >= judge.manifest.threshold.value
    boxes = [finding.box_px for finding in _findings(judge, image)]
    assert any(x1 < right and left < x2 and y1 < bottom and top < y2 for x1, y1, x2, y2 in boxes)


def test_the_manifest_says_that_it_draws_boxes_and_claims_nothing_it_did_not_measure(
    judge: ModelJudge,
) -> None:
    manifest = judge.manifest
    assert manifest.findings == "boxed-map/1"
    assert manifest.classes == CLASSES
    assert manifest.known is not None
    assert [each.examples for each in manifest.known.classes] == [ENOUGH_BOXES] * 2
    assert [each.held_out_parts for each in manifest.known.classes] == [0, 0]


def test_the_graph_is_as_sure_as_the_numbers_it_was_made_from(
    model: Path, judge: ModelJudge, boxed: MarkedDefects
) -> None:
    file = read_model(model)
    size = Size(judge.manifest.input_width_px, judge.manifest.input_height_px)
    form = form_of(Grade.FAST, size, knows_defects=True, draws_boxes=True)
    drawn = read_cache(model, file.sha256, form).drawn
    assert drawn is not None
    reader, said, answered = InputReader(size, 1), [], []
    for image in boxed.images[:6]:
        placed = judge.place(read_image(image.path))
        said.append(float(drawn.head.loudest(reader.read(placed.pixels)).loudness[0, 0]))
        boxes = judge.session.run(placed.pixels).boxes
        assert boxes is not None
        answered.append(float(boxes[0, 4]))
    slope, shift = np.polyfit(said, answered, 1)
    assert slope > 0
    assert answered == pytest.approx(slope * np.array(said) + shift, rel=0.01)


def test_a_false_alarm_is_pardoned_and_taken_back(
    model: Path, draw_ring: DrawRing, tmp_path: Path
) -> None:
    alarm, _ = _bad(draw_ring, 3000)
    cv2.imwrite(str(tmp_path / "alarm.png"), alarm)
    old, new, back = load_judge(model), tmp_path / "new.onnx", tmp_path / "back.onnx"
    assert _findings(old, alarm)
    teach_more([tmp_path / "alarm.png"], model, new, "test")
    judge = load_judge(new)
    assert judge.judge(alarm, 0).score < judge.manifest.threshold.value
    assert judge.manifest.findings == "boxed-map/1"
    take_back(new, back, "test")
    assert read_model(back).graph == read_model(model).graph


@pytest.mark.parametrize(
    "name", ["drawn.0", "drawn.loudness", "drawn.seen", "marked.fine.t7", "fine.t7"]
)
def test_a_cache_with_what_is_no_number_is_refused(
    name: str, model: Path, rings: tuple[Path, ...], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.onnx"
    copy.write_bytes(model.read_bytes())
    with np.load(cache_path(model)) as arrays:
        changed = dict(arrays)
    changed[name].flat[0] = np.nan
    with cache_path(copy).open("wb") as file:
        np.savez(file, **changed)
    with pytest.raises(ModelError, match=r"copy\.cache: damaged"):
        teach_more(rings[:1], copy, tmp_path / "new.onnx", "test")


def test_too_few_boxes_are_marks_as_before(boxed: MarkedDefects) -> None:
    assert enough_boxes(boxed) == boxed.images
    assert enough_boxes(MarkedDefects(CLASSES, boxed.images[1:])) == ()
    masks = (LabelledImage(Path("a.png"), "blot", Path("a_mask.png")),)
    assert enough_boxes(MarkedDefects(("blot",), masks)) == ()


@pytest.mark.parametrize(
    ("frame", "box_px", "grade", "asked", "wanted"),
    [
        ((640, 640), 28, Grade.FAST, None, (768, 768)),
        ((640, 640), 28, Grade.ACCURATE, None, (1024, 1024)),
        ((640, 640), 200, Grade.FAST, None, (384, 384)),
        ((1280, 640), 40, Grade.FAST, None, (1024, 512)),
        ((4000, 3000), 20, Grade.FAST, None, (MOST_SIDE_PX, MOST_SIDE_PX)),
        ((4000, 3000), 20, Grade.FAST, Size(2048, 1536), (2048, 1536)),
    ],
)
def test_the_input_is_as_large_as_small_boxes_need(
    frame: tuple[int, int],
    box_px: int,
    grade: Grade,
    asked: Size | None,
    wanted: tuple[int, int],
) -> None:
    box = LabelledBox(0, (10, 10, 10.0 + box_px, 10.0 + box_px))
    size = fine_for_boxes([BoxedImage(Path("a.png"), *frame, (box,))], grade, asked)
    assert (size.width_px, size.height_px) == wanted


def test_more_pictures_than_memory_holds_are_refused(boxed: MarkedDefects) -> None:
    form = form_of(Grade.FAST, Size(2048, 2048), knows_defects=True, draws_boxes=True)
    many = [*boxed.images] * 10
    images = [image for image in many if isinstance(image, BoxedImage)]
    with pytest.raises(ModelError, match=r"200 images with boxes at 2048x2048: too much"):
        taught_head(images, 2, form, WHOLE, 1, lambda _done: None)


def test_a_box_outside_the_frame_is_named(boxed: MarkedDefects) -> None:
    form = form_of(Grade.FAST, knows_defects=True, draws_boxes=True)
    outside = (LabelledBox(0, (400, 10, 420, 30)),)
    image = BoxedImage(boxed.images[0].path, 320, 240, outside)
    with pytest.raises(DatasetError, match="its boxes lie outside the part"):
        taught_head([image], 2, form, WHOLE, 1, lambda _done: None)


def _found(name: str, score: float, box_px: BoxPx) -> Finding:
    return Finding(class_name=name, score=score, box_px=box_px)


@pytest.mark.parametrize(
    ("strange", "kept"),
    [
        ([("unknown", 9.0, (50, 50, 60, 60))], ["unknown", "open"]),
        ([("unknown", 9.0, (15, 15, 30, 30))], ["open"]),
        ([("unknown", 2.0, (50, 50, 60, 60))], ["open"]),
        ([("unknown", 3.0, (50, 50, 60, 60))], ["open", "unknown"]),
    ],
)
def test_what_is_strange_is_told_where_no_box_lies(
    strange: Sequence[tuple[str, float, BoxPx]], kept: list[str]
) -> None:
    boxed = [_found("open", 5, (10, 10, 20, 20))]
    found = boxed_and_strange(boxed, [_found(*each) for each in strange], 3.0)
    assert [each.class_name for each in found] == kept
