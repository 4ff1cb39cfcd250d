"""The layout of DETR's descendants: few rows, each for one thing that may be there."""

from onnx import TensorProto

from ...core.errors import ModelError
from ..suppress import Candidates
from .task import Task


def queries(task: Task) -> Candidates:
    """A box for each query, middle and size in shares of the input.

    Either boxes (1, n, 4) and logits (1, n, classes) apart, one class more being none of them,
    or both in one, with scores for logits: (1, n, 4 + classes), or the best class only, (1, n, 6).
    RT-DETR exported with its own last step answers three: `labels`, `boxes` in pixels, `scores`.
    """
    if len(task.network.outputs) == 3:
        return _chosen_queries(task)
    if len(task.network.outputs) == 1:
        return _joined_queries(task)
    return _queries_apart(task)


def _queries_apart(task: Task) -> Candidates:
    count, write = task.classes, task.write
    boxes, shape, _ = task.named("box", "det").one((1, None, 4))
    rest = task.but(boxes)
    logits, wide, _ = rest.one((1, shape[1], count), (1, shape[1], count + 1))
    chosen = write.columns(write.flat(logits, wide, "logits"), 0, count, "chosen")
    scores = write.graph.node("Sigmoid", [chosen], "answer.all")
    corners = _in_pixels(task, write.flat(boxes, shape, "shares"))
    return Candidates(shape[1], corners, *write.best(scores), False)


def _joined_queries(task: Task) -> Candidates:
    write = task.write
    output, shape, place = task.one((1, None, 4 + task.classes), (1, None, 6))
    rows = write.flat(output, shape, "rows")
    corners = _in_pixels(task, write.columns(rows, 0, 4, "shares"))
    if place == 1 or (task.classes == 2 and task.network.joins(3)):
        score, index = write.columns(rows, 4, 5, "score"), write.columns(rows, 5, 6, "class")
        return Candidates(shape[1], corners, score, index, False)
    scores = write.columns(rows, 4, 4 + task.classes, "all")
    return Candidates(shape[1], corners, *write.best(scores), False)


def _chosen_queries(task: Task) -> Candidates:
    write = task.write
    boxes, shape, _ = task.named("box").one((1, None, 4))
    if not {"labels", "scores"} <= task.outputs.keys():
        raise ModelError("answers three outputs that are not labels, boxes and scores")
    corners = write.flat(boxes, shape, "corners")
    score = write.flat(task.outputs["scores"], (shape[1], 1), "score")
    index = write.flat(task.outputs["labels"], (shape[1], 1), "class")
    index = write.graph.node("Cast", [index], "answer.class_index", to=TensorProto.FLOAT)
    return Candidates(shape[1], corners, score, index, False)


def _in_pixels(task: Task, shares: str) -> str:
    sides = [float(task.network.width_px), float(task.network.height_px)]
    pixels = task.write.scaled(shares, sides * 2, "pixels")
    middles = task.write.columns(pixels, 0, 2, "middle")
    return task.write.corners(middles, task.write.columns(pixels, 2, 4, "size"))
