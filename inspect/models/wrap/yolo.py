"""The layouts of the YOLO family: a row for each of many places, most of them empty."""

import numpy as np

from ..suppress import Candidates
from .task import Task


def yolo(task: Task) -> Candidates:
    """YOLOv8 and later: (1, 4 + classes, n), either way round. YOLOv5 and v7: (1, n, 5 + classes).

    Middle and size in pixels, then, in the older ones, how sure it is that something is there.
    """
    count = task.classes
    shapes = ((1, 4 + count, None), (1, None, 5 + count), (1, None, 4 + count))
    output, shape, place = task.one(*shapes)
    write = task.write
    rows = write.flat(output, shape, "raw")
    if place == 0:
        rows, shape = write.turned(rows, "rows"), (1, shape[2], shape[1])
    middles, sizes = write.columns(rows, 0, 2, "middle"), write.columns(rows, 2, 4, "size")
    scores = (
        _with_objectness(task, rows) if place == 1 else write.columns(rows, 4, 4 + count, "all")
    )
    return Candidates(shape[1], write.corners(middles, sizes), *write.best(scores), True)


def _with_objectness(task: Task, rows: str) -> str:
    there = task.write.columns(rows, 4, 5, "there")
    of_class = task.write.columns(rows, 5, 5 + task.classes, "of_class")
    return task.write.graph.node("Mul", [of_class, there], "answer.all")


def yolo_nms(task: Task) -> Candidates:
    """Boxes already chosen: (1, n, 6), left, top, right, bottom in pixels, score, class."""
    output, shape, _ = task.one((1, None, 6))
    rows = task.write.flat(output, shape, "rows")
    corners = task.write.columns(rows, 0, 4, "corners")
    score = task.write.columns(rows, 4, 5, "score")
    return Candidates(shape[1], corners, score, task.write.columns(rows, 5, 6, "class"), False)


def yolox(task: Task) -> Candidates:
    """(1, n, 5 + classes) of cells at strides 8, 16, 32: offset, log size, objectness, classes."""
    count = task.classes
    cells, strides = _cells(task.network.width_px, task.network.height_px)
    output, shape, _ = task.one((1, len(cells), 5 + count))
    write, graph = task.write, task.write.graph
    rows = write.flat(output, shape, "rows")
    offset = write.columns(rows, 0, 2, "offset")
    placed = graph.node("Add", [offset, graph.floats("answer.cells", cells)], "answer.placed")
    stride = graph.floats("answer.strides", strides)
    middles = graph.node("Mul", [placed, stride], "answer.middle")
    grown = graph.node("Exp", [write.columns(rows, 2, 4, "log_size")], "answer.grown")
    sizes = graph.node("Mul", [grown, stride], "answer.size")
    scores = _with_objectness(task, rows)
    return Candidates(shape[1], write.corners(middles, sizes), *write.best(scores), True)


def _cells(width_px: int, height_px: int) -> tuple[np.ndarray, np.ndarray]:
    """Return column and row (n, 2) and stride (n, 1) of every cell, row by row, finest first."""
    cells, strides = [], []
    for stride in (8, 16, 32):
        down, across = np.mgrid[: height_px // stride, : width_px // stride]
        cells.append(np.stack([across.ravel(), down.ravel()], axis=1))
        strides.append(np.full((across.size, 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)
