"""Rings with dark blots and bright streaks: marked ones teach, others are found and named."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeinspect.core.errors import ModelError
from edgeinspect.core.frame import Image
from edgeinspect.core.manifest import Grade
from edgeinspect.datasets.images import read_image
from edgeinspect.datasets.labels.boxes import BoxedImage, LabelledBox
from edgeinspect.datasets.layout import LabelledImage
from edgeinspect.datasets.marked import UNKNOWN, MarkedDefects
from edgeinspect.models.file import read_model
from edgeinspect.models.judge import ModelJudge, load_judge
from edgeinspect.models.placed import stretched
from edgeinspect.models.placement import WHOLE
from edgeinspect.models.teach.form import form_of
from edgeinspect.models.teach.known.looking import Marked, look_at_marked
from edgeinspect.models.teach.known.marks import coverage
from edgeinspect.models.teach.known.naming import USUAL_CUTOFF, Likeness, cutoff_of
from edgeinspect.models.teach.learn import learn
from edgeinspect.models.teach.looking import Looked, look
from edgeinspect.models.teach.more import take_back, teach_more
from edgeinspect.models.teach.teach import Birth, teach

DrawRing = Callable[..., Image]
RING = Birth("ring", "test")
FORM = form_of(Grade.FAST, knows_defects=True)


def _blot(draw_ring: DrawRing, seed: int) -> tuple[Image, Image]:
    rng = np.random.default_rng(seed)
    place = 160 + int(rng.integers(-50, 50)), 50 + int(rng.integers(-4, 4))
    mask = np.zeros((240, 320), np.uint8)
    cv2.circle(mask, place, 14, 255, -1)
    return draw_ring(seed, blot=place), mask


def _streak(draw_ring: DrawRing, seed: int) -> tuple[Image, Image]:
    rng = np.random.default_rng(seed)
    x, y = 40 + int(rng.integers(0, 240)), 20 + int(rng.integers(0, 12))
    mask = np.zeros((240, 320), np.uint8)
    cv2.line(mask, (x, y), (x + 40, y + 160), 255, 5)
    image = draw_ring(seed)
    image[mask > 0] = (240, 250, 120)
    return image, mask


KINDS = {"blot": _blot, "streak": _streak}


def _marked(folder: Path, draw_ring: DrawRing, count: int) -> MarkedDefects:
    images = []
    for label, draw in KINDS.items():
        for number in range(count):
            image, mask = draw(draw_ring, 1000 + number)
            path, drawn = folder / f"{label}{number}.png", folder / f"{label}{number}_mask.png"
            cv2.imwrite(str(path), image)
            cv2.imwrite(str(drawn), mask)
            images.append(LabelledImage(path, label, drawn))
    return MarkedDefects(tuple(sorted(KINDS)), tuple(images))


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory, draw_ring: DrawRing) -> MarkedDefects:
    return _marked(tmp_path_factory.mktemp("marked"), draw_ring, 4)


@pytest.fixture(scope="module")
def model(
    tmp_path_factory: pytest.TempPathFactory, rings: tuple[Path, ...], marked: MarkedDefects
) -> Path:
    path = tmp_path_factory.mktemp("known") / "ring.onnx"
    teach(rings, path, RING, defects=marked)
    return path


@pytest.fixture(scope="module")
def judge(model: Path) -> ModelJudge:
    return load_judge(model)


@pytest.fixture(scope="module")
def seen(rings: tuple[Path, ...]) -> Looked:
    return look(rings, FORM, WHOLE, 1, lambda _done: None)


@pytest.fixture(scope="module")
def seen_marks(marked: MarkedDefects) -> Marked:
    return look_at_marked(marked, FORM, WHOLE, 1, lambda _done: None)


def test_findings_are_named_by_class(judge: ModelJudge, draw_ring: DrawRing) -> None:
    names = {
        label: [
            judge.judge(draw(draw_ring, 2000 + number)[0], judge.manifest.threshold.value)
            .findings[0]
            .class_name
            for number in range(6)
        ]
        for label, draw in KINDS.items()
    }
    assert sum(name == label for label, found in names.items() for name in found) >= 10
    assert "streak" not in names["blot"]
    assert "blot" not in names["streak"]


def test_a_good_part_still_passes(judge: ModelJudge, draw_ring: DrawRing) -> None:
    threshold = judge.manifest.threshold.value
    scores = [judge.judge(draw_ring(seed), threshold).score for seed in range(100, 120)]
    assert sum(score >= threshold for score in scores) <= 3


def test_a_defect_of_no_known_class_is_found_and_unknown(
    rings: tuple[Path, ...], marked: MarkedDefects, draw_ring: DrawRing, tmp_path: Path
) -> None:
    blots = MarkedDefects(("blot",), tuple(i for i in marked.images if _label(i) == "blot"))
    teach(rings, tmp_path / "blots.onnx", RING, defects=blots)
    judge = load_judge(tmp_path / "blots.onnx")
    for number in range(4):
        image, _ = _streak(draw_ring, 2000 + number)
        judged = judge.judge(image, judge.manifest.threshold.value)
        assert judged.score >= judge.manifest.threshold.value
        assert {finding.class_name for finding in judged.findings} == {UNKNOWN}


def test_the_manifest_says_what_was_marked_and_how_much_of_it_would_be_caught(
    judge: ModelJudge,
) -> None:
    manifest = judge.manifest
    assert manifest.classes == ("blot", "streak")
    assert manifest.findings == "named-map/1"
    assert manifest.known is not None
    assert manifest.known.images == 8
    for each in manifest.known.classes:
        assert (each.examples, each.held_out_parts) == (4, 4)
        assert each.held_out_caught >= 3


def test_the_graph_answers_as_the_numbers_it_was_made_from(
    seen: Looked, seen_marks: Marked, judge: ModelJudge, rings: tuple[Path, ...]
) -> None:
    model = learn(seen.features, FORM, lambda _done: None, seen_marks)
    for path, score in zip(rings, model.scores(seen.features), strict=True):
        answer = judge.session.run(judge.place(read_image(path)).pixels)
        assert answer.score == pytest.approx(score, rel=0.02, abs=0.02)
        assert answer.class_map is not None
        assert answer.class_map.shape == (2, 16, 16)
        assert np.abs(answer.class_map).max() <= 2


def test_one_example_of_each_class_is_enough_to_begin(
    rings: tuple[Path, ...], draw_ring: DrawRing, tmp_path: Path
) -> None:
    teach(rings, tmp_path / "one.onnx", RING, defects=_marked(tmp_path, draw_ring, 1))
    judge = load_judge(tmp_path / "one.onnx")
    assert judge.manifest.known is not None
    assert [each.held_out_parts for each in judge.manifest.known.classes] == [0, 0]
    image, _ = _blot(draw_ring, 2000)
    assert judge.judge(image, judge.manifest.threshold.value).findings


def test_the_same_images_give_the_same_graph(
    rings: tuple[Path, ...], marked: MarkedDefects, model: Path, tmp_path: Path
) -> None:
    teach(rings, tmp_path / "again.onnx", RING, defects=marked)
    assert read_model(tmp_path / "again.onnx").graph == read_model(model).graph


def test_more_good_parts_are_folded_in_and_taken_back(
    model: Path, draw_ring: DrawRing, tmp_path: Path
) -> None:
    alarm, _ = _blot(draw_ring, 3000)
    cv2.imwrite(str(tmp_path / "alarm.png"), alarm)
    old, new, back = load_judge(model), tmp_path / "new.onnx", tmp_path / "back.onnx"
    assert old.judge(alarm, old.manifest.threshold.value).findings
    teach_more([tmp_path / "alarm.png"], model, new, "test")
    judge = load_judge(new)
    assert judge.judge(alarm, 0).score < judge.manifest.threshold.value
    assert judge.manifest.classes == old.manifest.classes
    take_back(new, back, "test")
    assert read_model(back).graph == read_model(model).graph


def test_half_a_cell_is_half_covered() -> None:
    placed = stretched(np.zeros((100, 200, 3), np.uint8), 64, 64)
    region = np.zeros((100, 200), np.bool_)
    region[25:50, 50:75] = True
    covered = coverage(region, placed, (4, 4))
    expected = np.zeros((4, 4))
    expected[1, 1] = 0.5
    assert covered == pytest.approx(expected, abs=1e-6)


def test_boxes_are_marks_too(
    rings: tuple[Path, ...], marked: MarkedDefects, tmp_path: Path
) -> None:
    boxes = (LabelledBox(0, (140, 30, 180, 70)),)
    images = tuple(BoxedImage(image.path, 320, 240, boxes) for image in marked.images[:3])
    defects = MarkedDefects(("blot",), images)
    manifest = teach(rings, tmp_path / "boxed.onnx", RING, defects=defects)
    assert manifest.classes == ("blot",)
    assert manifest.known is not None
    assert manifest.known.classes[0].examples == 3


@pytest.mark.parametrize(
    ("own", "other", "cutoff"),
    [
        ([], [], USUAL_CUTOFF),
        ([], [0.1, 0.3, 0.2], 0.2),
        ([0.4, 0.6], [], 0.25),
        ([0.5, 0.6, 0.7], [0.1, 0.2], 0.35),
        ([0.1, 0.6, 0.7, 0.8], [0.2, 0.3], 0.45),
    ],
)
def test_names_are_given_from_where_own_and_other_classes_part(
    own: list[float], other: list[float], cutoff: float
) -> None:
    marks = [Likeness(value, None) for value in own] + [Likeness(None, value) for value in other]
    assert cutoff_of(marks) == pytest.approx(cutoff)


def _label(image: LabelledImage | BoxedImage) -> str:
    assert isinstance(image, LabelledImage)
    return image.label


def test_a_picture_with_marked_defects_is_not_taken_for_good(
    model: Path, rings: tuple[Path, ...], marked: MarkedDefects, tmp_path: Path
) -> None:
    bad, new = marked.images[0].path, tmp_path / "new.onnx"
    copy = tmp_path / "cleared.png"
    cv2.imwrite(str(copy), read_image(bad))
    with pytest.raises(ModelError, match=r"cleared\.png: this very picture was taught"):
        teach_more([copy], model, new, "test")
    with pytest.raises(ModelError, match="this very picture was taught with marked defects"):
        teach((*rings, bad), new, RING, defects=marked)
    assert not new.exists()
