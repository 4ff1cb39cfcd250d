"""Boxes: laid into the input and back, as findings, and as proof."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from foreign_networks import write_network
from hypothesis import given, settings
from hypothesis import strategies as some

from edgeinspect.core.errors import ModelError
from edgeinspect.models.answer import Answer, Boxes
from edgeinspect.models.box_agreement import Alike, boxes_agree, overlaps
from edgeinspect.models.file import ModelFile, read_model, write_model
from edgeinspect.models.findings import findings_of
from edgeinspect.models.judge import load_judge
from edgeinspect.models.letterbox import letterboxed, letterboxed_in_corner
from edgeinspect.models.naming import Naming
from edgeinspect.models.placed import Placed
from edgeinspect.models.reference import Numbers, Reference
from edgeinspect.models.wrap.declared import USUAL, Layout
from edgeinspect.models.wrap.import_model import Imported, import_model
from edgeinspect.models.wrap.wrap import Declared

SIDES = some.integers(16, 400)
ALIKE = Alike(overlap=0.98, score=0.01)
NAMES = Naming(("open", "short"))


@settings(deadline=None)
@given(SIDES, SIDES, some.sampled_from([64, 160, 640]))
def test_a_letterboxed_frame_keeps_its_shape_and_its_places(
    width: int, height: int, side: int
) -> None:
    frame = np.full((height, width, 3), 200, np.uint8)
    placed = letterboxed(frame, side, side)
    inside = (placed.pixels == 200).all(axis=2)
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    shown = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    assert max(shown[2] - shown[0], shown[3] - shown[1]) == side
    assert abs((shown[0] + shown[2]) - side) <= 1
    assert abs((shown[1] + shown[3]) - side) <= 1
    assert (placed.pixels[~inside] == 114).all()
    left, top, right, bottom = map(float, shown)
    assert placed.in_frame((left, top, right, bottom)) == pytest.approx((0, 0, width, height))


def test_in_the_corner_the_frame_begins_left_and_above() -> None:
    placed = letterboxed_in_corner(np.full((50, 100, 3), 200, np.uint8), 64, 64)
    assert (placed.pixels[:32] == 200).all()
    assert (placed.pixels[32:] == 114).all()
    assert placed.in_frame((32, 16, 64, 32)) == pytest.approx((50, 25, 100, 50))


def _placed() -> Placed:
    return letterboxed(np.zeros((50, 100, 3), np.uint8), 64, 64)


def _boxes(*rows: tuple[float, ...]) -> Boxes:
    return np.array(rows, np.float32).reshape(-1, 6)


def test_findings_are_the_boxes_that_reach_the_threshold() -> None:
    boxes = _boxes((0, 16, 32, 32, 0.4, 1), (32, 16, 64, 48, 0.9, 0), (0, 16, 9, 20, 0.39, 0))
    first, second = findings_of(Answer(0.9, boxes=boxes), 0.4, _placed(), NAMES)
    assert (first.class_name, second.class_name) == ("open", "short")
    assert first.score == pytest.approx(0.9)
    assert first.box_px == pytest.approx((50, 0, 100, 50))
    assert second.box_px == pytest.approx((0, 0, 50, 25))


def test_a_box_on_the_grey_is_no_finding_and_a_strange_class_has_a_number() -> None:
    boxes = _boxes((0, 0, 64, 10, 0.9, 0), (0, 20, 9, 30, 0.8, 7))
    (finding,) = findings_of(Answer(0.9, boxes=boxes), 0.1, _placed(), NAMES)
    assert finding.class_name == "class-7"


@settings(deadline=None)
@given(some.integers(0, 2**32 - 1))
def test_boxes_agree_with_themselves_in_any_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 50, (20, 2))
    boxes = np.concatenate(
        [low, low + rng.uniform(1, 20, (20, 2)), rng.uniform(0, 1, (20, 1)), np.zeros((20, 1))],
        axis=1,
    ).astype(np.float32)
    assert boxes_agree(boxes, boxes[::-1], 0.1, ALIKE)


@pytest.mark.parametrize(
    ("changed", "agree"),
    [
        ((10, 10, 30, 30, 0.9, 0), True),
        ((10.05, 10, 30, 30, 0.9, 0), True),
        ((12, 10, 32, 30, 0.9, 0), False),
        ((10, 10, 30, 30, 0.88, 0), False),
        ((10, 10, 30, 30, 0.905, 0), True),
        ((10, 10, 30, 30, 0.9, 1), False),
        ((10, 10, 30, 30, 0.0, 0), False),
    ],
)
def test_a_box_that_moved_or_changed_does_not_agree(
    changed: tuple[float, ...], agree: bool
) -> None:
    wanted = _boxes((10, 10, 30, 30, 0.9, 0), (50, 50, 60, 60, 0.05, 1))
    got = _boxes(changed, (0, 0, 1, 1, 0.04, 1))
    assert boxes_agree(got, wanted, 0.1, ALIKE) is agree


def test_overlaps_are_intersections_over_unions() -> None:
    one = _boxes((0, 0, 2, 2, 1, 0))
    others = _boxes((1, 0, 3, 2, 1, 0), (0, 0, 2, 2, 1, 0), (2, 2, 3, 3, 1, 0), (0, 0, 0, 0, 0, 0))
    assert overlaps(one, others)[0] == pytest.approx((1 / 3, 1, 0, 0))


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("detector")
    rows = np.array(
        [[[32, 32, 20, 16, 0.1, 0.8], [10, 50, 8, 8, 0.4, 0.0], [5, 5, 8, 8, 0.05, 0]]], np.float32
    )
    network = write_network(folder / "theirs.onnx", {"output0": rows})
    frame = folder / "frame.png"
    cv2.imwrite(str(frame), np.random.default_rng(0).integers(0, 255, (90, 70, 3), np.uint8))
    declared = Declared(Layout.YOLO, USUAL[Layout.YOLO], NAMES.classes, (), 0.7)
    said = Imported("boards", "someone", "MIT", 0.3, None)
    import_model(network, folder / "ours.onnx", declared, said, [frame])
    return folder / "ours.onnx"


def _with_boxes(file: ModelFile, path: Path, boxes: Boxes) -> Path:
    """Write the model with other boxes in its first reference, and the findings that follow."""
    first = file.references[0]
    answer = replace(first.expected(), boxes=boxes)
    placed = letterboxed(first.image(), 64, 64)
    changed = Reference.recorded(first.image(), placed, answer, first.threshold, NAMES)
    changed = changed.model_copy(
        update={"outputs": changed.outputs | {"score": first.outputs["score"]}}
    )
    graph = onnx.load_model_from_string(file.graph)
    write_model(path, graph, file.manifest, (changed, *file.references[1:]))
    return path


def _recorded(file: ModelFile) -> Boxes:
    boxes = file.references[0].expected().boxes
    assert boxes is not None
    return boxes


def test_a_model_whose_boxes_are_elsewhere_is_refused(detector: Path, tmp_path: Path) -> None:
    file = read_model(detector)
    boxes = _recorded(file)
    boxes[0, :4] += 3
    with pytest.raises(ModelError, match="its boxes in reference 1 are not those recorded"):
        load_judge(_with_boxes(file, tmp_path / "moved.onnx", boxes))


def test_a_faint_box_may_come_and_go(detector: Path, tmp_path: Path) -> None:
    file = read_model(detector)
    boxes = _recorded(file)
    boxes[-1] = (1, 1, 9, 9, 0.1, 0)
    load_judge(_with_boxes(file, tmp_path / "faint.onnx", boxes))


def test_a_model_of_another_number_of_boxes_is_refused(detector: Path, tmp_path: Path) -> None:
    file = read_model(detector)
    path = _with_boxes(file, tmp_path / "fewer.onnx", _recorded(file)[:-1])
    with pytest.raises(ModelError, match="another form than recorded"):
        load_judge(path)


def test_numbers_survive_the_file(detector: Path) -> None:
    boxes = _recorded(read_model(detector))
    np.testing.assert_array_equal(Numbers.of(boxes).array(), boxes)


def _limit(model: onnx.ModelProto, most: int) -> None:
    tensor = next(each for each in model.graph.initializer if each.name == "answer.nms_most")
    tensor.CopyFrom(onnx.numpy_helper.from_array(np.array([most], np.int64), tensor.name))


def _no_limit(model: onnx.ModelProto) -> None:
    (node,) = (each for each in model.graph.node if each.op_type == "NonMaxSuppression")
    del node.input[2:]


def _by_class(model: onnx.ModelProto) -> None:
    node = next(each for each in model.graph.node if each.name == "answer.nms_scores")
    shape = next(each for each in model.graph.initializer if each.name == node.input[1])
    shape.CopyFrom(onnx.numpy_helper.from_array(np.array([1, 2, 1], np.int64), shape.name))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda model: _limit(model, 10**6), "chooses more than 1000 boxes"),
        (lambda model: _limit(model, 0), "chooses more than 1000 boxes"),
        (_no_limit, "chooses boxes without a limit"),
        (_by_class, "chooses boxes of several pictures or classes at once"),
    ],
)
def test_a_choice_of_boxes_without_a_bound_is_refused(
    spoil: object, said: str, detector: Path, tmp_path: Path
) -> None:
    file = read_model(detector)
    graph = onnx.load_model_from_string(file.graph)
    assert callable(spoil)
    spoil(graph)
    write_model(tmp_path / "hostile.onnx", graph, file.manifest, file.references)
    with pytest.raises(ModelError, match=f"refused, for it {said}"):
        read_model(tmp_path / "hostile.onnx")
