"""Networks whose boxes are known, in every layout."""

from pathlib import Path

import numpy as np
import pytest
from foreign_networks import Answers, write_colour_network, write_network

from edgeinspect.core.errors import ModelError
from edgeinspect.models.answer import Answer
from edgeinspect.models.runtime import open_session
from edgeinspect.models.wrap.declared import USUAL, Colours, InputForm, Layout, Scaling
from edgeinspect.models.wrap.foreign import read_foreign
from edgeinspect.models.wrap.graph import classifier_graph, detector_graph

SIDE = 64
CLASSES = 3
WANTED = np.array(
    [[10, 12, 30, 40, 0.9, 2], [40, 8, 56, 24, 0.6, 0], [4, 44, 20, 60, 0.3, 1]], np.float32
)
"""Boxes that do not overlap, the surest first."""
MIDDLES = np.stack(
    [
        (WANTED[:, 0] + WANTED[:, 2]) / 2,
        (WANTED[:, 1] + WANTED[:, 3]) / 2,
        WANTED[:, 2] - WANTED[:, 0],
        WANTED[:, 3] - WANTED[:, 1],
    ],
    axis=1,
)
SCORES = np.zeros((3, CLASSES), np.float32)
SCORES[range(3), WANTED[:, 5].astype(int)] = WANTED[:, 4]


def _logits(scores: np.ndarray) -> np.ndarray:
    safe = np.clip(scores, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(safe / (1 - safe)), np.float32)


def _yolo11() -> Answers:
    return {"output0": np.concatenate([MIDDLES, SCORES], axis=1).T[None].astype(np.float32)}


def _yolo11_turned() -> Answers:
    return {"output0": np.concatenate([MIDDLES, SCORES], axis=1)[None].astype(np.float32)}


def _yolov5() -> Answers:
    there = np.full((3, 1), 0.5)
    rows = np.concatenate([MIDDLES, there, SCORES / 0.5], axis=1)
    return {"output0": rows[None].astype(np.float32)}


def _yolo_nms() -> Answers:
    padding = np.zeros((4, 6), np.float32)
    return {"output0": np.concatenate([WANTED, padding])[None]}


def _yolox() -> Answers:
    raw = np.zeros((84, 5 + CLASSES), np.float32)
    raw[:, 2:4] = -2
    for place, middle, scores in zip((5, 70, 82), MIDDLES, SCORES, strict=True):
        stride, first = next((s, f) for s, f in ((32, 80), (16, 64), (8, 0)) if place >= f)
        cell = np.array([(place - first) % (SIDE // stride), (place - first) // (SIDE // stride)])
        raw[place, :2] = middle[:2] / stride - cell
        raw[place, 2:4] = np.log(middle[2:] / stride)
        raw[place, 4], raw[place, 5:] = 0.95, scores / 0.95
    return {"output": raw[None]}


def _apart(extra: int) -> Answers:
    shares = (MIDDLES / SIDE).astype(np.float32)
    logits = _logits(np.pad(SCORES, ((0, 0), (0, extra)), constant_values=0.99))
    return {"dets": shares[None], "labels": logits[None]}


def _joined() -> Answers:
    rows = np.concatenate([MIDDLES / SIDE, SCORES], axis=1)
    return {"output0": rows[None].astype(np.float32)}


def _joined_best() -> Answers:
    rows = np.concatenate([MIDDLES / SIDE, WANTED[:, 4:]], axis=1)
    return {"output0": rows[None].astype(np.float32)}


def _chosen() -> Answers:
    return {
        "labels": WANTED[None, :, 5].astype(np.int64),
        "boxes": WANTED[None, :, :4].copy(),
        "scores": WANTED[None, :, 4].copy(),
    }


KNOWN = {
    "yolo11": (Layout.YOLO, _yolo11()),
    "yolo11 turned": (Layout.YOLO, _yolo11_turned()),
    "yolov5": (Layout.YOLO, _yolov5()),
    "yolo-nms": (Layout.YOLO_NMS, _yolo_nms()),
    "yolox": (Layout.YOLOX, _yolox()),
    "rtdetr apart": (Layout.RTDETR, _apart(0)),
    "rtdetr joined": (Layout.RTDETR, _joined()),
    "rtdetr joined, best class": (Layout.RTDETR, _joined_best()),
    "rtdetr chosen": (Layout.RTDETR, _chosen()),
    "rfdetr": (Layout.RFDETR, _apart(1)),
}


def _answer(path: Path, layout: Layout, *, classes: int = CLASSES, overlap: float = 0.7) -> Answer:
    network = read_foreign(path)
    graph = detector_graph(network, layout, USUAL[layout], classes, overlap)
    session = open_session(graph.SerializeToString(), threads=1)
    return session.run(np.full((SIDE, SIDE, 3), 90, np.uint8))


@pytest.mark.parametrize(("layout", "answers"), KNOWN.values(), ids=list(KNOWN))
def test_known_boxes_come_out(layout: Layout, answers: Answers, tmp_path: Path) -> None:
    inputs = ("orig_target_sizes",) if "scores" in answers else ()
    path = write_network(tmp_path / "net.onnx", answers, side=SIDE, inputs=inputs)
    answer = _answer(path, layout)
    assert answer.score == pytest.approx(0.9, abs=1e-3)
    assert answer.boxes is not None
    seen = answer.boxes[answer.boxes[:, 4] > 0.05]
    np.testing.assert_allclose(seen, WANTED, atol=2e-3)


@pytest.mark.parametrize("layout", [Layout.YOLO, Layout.YOLO_NMS])
@pytest.mark.parametrize("opset", [13, 17, 18, 21])
def test_operators_old_and_new_are_understood(layout: Layout, opset: int, tmp_path: Path) -> None:
    answers = _yolo11() if layout is Layout.YOLO else _yolo_nms()
    path = write_network(tmp_path / "net.onnx", answers, side=SIDE, opset=opset)
    boxes = _answer(path, layout).boxes
    assert boxes is not None
    np.testing.assert_allclose(boxes[boxes[:, 4] > 0.05], WANTED, atol=1e-3)


def test_a_frame_without_boxes_scores_nothing(tmp_path: Path) -> None:
    rows = np.zeros((1, 4 + CLASSES, 20), np.float32)
    answer = _answer(write_network(tmp_path / "net.onnx", {"output0": rows}), Layout.YOLO)
    assert answer.score == 0
    assert answer.boxes is not None
    assert not answer.boxes.any()


@pytest.mark.parametrize("seed", range(6))
def test_boxes_are_chosen_greedily_class_by_class(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    count, classes, overlap = 400, 3, (0.5, 0.7)[seed % 2]
    middles = rng.uniform(8, 56, (count, 2))
    rows = np.concatenate(
        [middles, rng.uniform(4, 30, (count, 2)), rng.uniform(0, 1, (count, classes))], axis=1
    ).astype(np.float32)
    path = write_network(tmp_path / "net.onnx", {"output0": rows.T[None]})
    boxes = _answer(path, Layout.YOLO, overlap=overlap).boxes
    assert boxes is not None
    wanted = _greedy(rows, overlap)[:300]
    np.testing.assert_allclose(boxes[: len(wanted)], wanted, atol=1e-4)
    assert not boxes[len(wanted) :].any()


def _greedy(rows: np.ndarray, overlap: float) -> np.ndarray:
    """The same in plain steps: the surest box stays, what lies on it goes, and so on."""
    low, high = rows[:, :2] - rows[:, 2:4] / 2, rows[:, :2] + rows[:, 2:4] / 2
    best = rows[:, 4:].argmax(axis=1)
    left = np.concatenate([low, high, rows[:, 4:].max(axis=1)[:, None], best[:, None]], axis=1)
    left = left[np.argsort(-left[:, 4])]
    kept: list[np.ndarray] = []
    for box in left:
        if all(each[5] != box[5] or _iou(each, box) <= overlap for each in kept):
            kept.append(box)
    return np.array(kept, np.float32)


def _iou(one: np.ndarray, other: np.ndarray) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(across, 0) * max(down, 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return float(shared / (sum(areas) - shared))


@pytest.mark.parametrize(
    ("scaling", "colours", "wanted"),
    [
        (Scaling.BYTE, Colours.BGR, (10, 20, 200)),
        (Scaling.BYTE, Colours.RGB, (200, 20, 10)),
        (Scaling.UNIT, Colours.RGB, (200 / 255, 20 / 255, 10 / 255)),
        (
            Scaling.IMAGENET,
            Colours.RGB,
            (
                (200 / 255 - 0.485) / 0.229,
                (20 / 255 - 0.456) / 0.224,
                (10 / 255 - 0.406) / 0.225,
            ),
        ),
        (
            Scaling.IMAGENET,
            Colours.BGR,
            (
                (10 / 255 - 0.406) / 0.225,
                (20 / 255 - 0.456) / 0.224,
                (200 / 255 - 0.485) / 0.229,
            ),
        ),
    ],
)
def test_the_network_sees_the_colours_and_numbers_declared(
    scaling: Scaling, colours: Colours, wanted: tuple[float, ...], tmp_path: Path
) -> None:
    network = read_foreign(write_colour_network(tmp_path / "net.onnx"))
    form = InputForm("letterbox-114", scaling, colours)
    graph = detector_graph(network, Layout.YOLO_NMS, form, 1, 0.7)
    session = open_session(graph.SerializeToString(), threads=1)
    frame = np.empty((SIDE, SIDE, 3), np.uint8)
    frame[:] = (10, 20, 200)
    boxes = session.run(frame).boxes
    assert boxes is not None
    assert boxes[0, :3] == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize("already", [False, True])
def test_a_classifier_scores_what_is_not_good(already: bool, tmp_path: Path) -> None:
    probabilities = np.array([[0.1, 0.6, 0.3]], np.float32)
    path = write_network(tmp_path / "net.onnx", {"logits": np.log(probabilities)})
    if already:
        _append_softmax(path)
    network = read_foreign(path)
    graph = classifier_graph(network, USUAL[Layout.CLASSIFIER], 3, good=[0, 2])
    answer = open_session(graph.SerializeToString(), 1).run(np.zeros((SIDE, SIDE, 3), np.uint8))
    assert answer.score == pytest.approx(0.6, abs=1e-5)
    assert answer.class_map is not None
    assert answer.class_map.ravel() == pytest.approx(probabilities.ravel(), abs=1e-5)


def _append_softmax(path: Path) -> None:
    import onnx

    model = onnx.load(path)
    (output,) = model.graph.output
    model.graph.node.append(onnx.helper.make_node("Softmax", [output.name], ["p"], axis=1))
    output.name = "p"
    onnx.save(model, path)


@pytest.mark.parametrize("layout", [each for each in Layout if each is not Layout.CLASSIFIER])
def test_another_number_of_classes_is_refused(layout: Layout, tmp_path: Path) -> None:
    path = write_network(tmp_path / "net.onnx", {"output0": np.zeros((1, 9, 50), np.float32)})
    with pytest.raises(ModelError, match=r"answers output0 \(1, 9, 50\), but with 3 classes"):
        _answer(path, layout)
