"""The network that draws boxes as nodes of a graph."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ...box_writer import BoxWriter
from ...graph_writer import GraphWriter
from ...suppress import Candidates, add_boxes
from ..form import DRAWN_TAPS, Form
from ..pardon import add_length
from .head import BoxHead
from .targets import STRIDE_PX
from .weights import BOX, HIDDEN, SIDES, Floats, Weights

OVERLAP = 0.5
"""Intersection over union from which of two boxes of a class one goes."""
LIMITS = MappingProxyType({"smallest": -6.0, "largest": 6.0})
"""Of the logarithm of a box's side, in cells: what is beyond is no box, but might be no number."""


@dataclass(frozen=True, slots=True)
class Told:
    """Names in a graph: how loud each cell speaks for a defect, (cells,), the index of the class
    it speaks for, (cells, 1), and the corners of its box in pixels of the input, (cells, 4).
    """

    loudness: str
    class_index: str
    corners: str


def drawn_shape(form: Form) -> tuple[int, int]:
    """Return rows and columns of the network's cells."""
    return form.input.height_px // STRIDE_PX, form.input.width_px // STRIDE_PX


def add_head(graph: GraphWriter, head: BoxHead, form: Form) -> Told:
    """Add the network to a graph that has the blocks of `DRAWN_TAPS`."""
    seen, told = _add_network(graph, head.weights)
    write, classes = BoxWriter(graph), head.weights.classes
    logits = write.columns(told, 0, classes, "drawn_logits")
    places = write.columns(told, classes, classes + BOX, "drawn_places")
    loudness = graph.node("ReduceMax", [logits], "drawn.loud", axes=[1], keepdims=0)
    length = add_length(graph, seen, "drawn")
    pardoned = head.pardoned.add_to(graph, loudness, seen, length, "drawn")
    _, class_index = write.best(logits)
    return Told(pardoned, class_index, _add_corners(write, places, drawn_shape(form)))


def add_drawn_boxes(
    graph: GraphWriter, told: Told, threshold: float, spread: float, form: Form
) -> int:
    """Add `boxes` (n, 6); return n.

    A box has the score `threshold` where it is as likely a defect as none, and one more or less
    for each `spread` of what good parts show.
    """
    rows, columns = drawn_shape(form)
    x = graph.node("Div", [told.loudness, graph.floats("drawn.spread", spread)], "drawn.spreads")
    x = graph.node("Add", [x, graph.floats("drawn.even", threshold)], "drawn.score")
    score = graph.node("Reshape", [x, graph.integers("drawn.score.shape", -1, 1)], "drawn.scores")
    found = Candidates(rows * columns, told.corners, score, told.class_index, True)
    return add_boxes(graph, found, OVERLAP, max(form.input.width_px, form.input.height_px))


def _add_network(graph: GraphWriter, weights: Weights) -> tuple[str, str]:
    """Return what is seen (cells, HIDDEN) and told (cells, classes + BOX)."""
    layers = [
        _add_taken(graph, tap.name, each, SIDES[tap])
        for tap, each in zip(DRAWN_TAPS, weights.taken, strict=True)
    ]
    taken = layers[0]
    for number, layer in enumerate(layers[1:], 1):
        taken = graph.node("Add", [taken, layer], f"drawn.sum{number}")
    bias = graph.floats("drawn.taken_bias", weights.taken_bias[:, None, None])
    taken = graph.node("Add", [taken, bias], "drawn.biased")
    taken = graph.node("Relu", [taken], "drawn.taken")
    around = weights.around.reshape(3, 3, HIDDEN, HIDDEN).transpose(3, 2, 0, 1)
    seen = _add_convolution(graph, taken, around, weights.around_bias, "drawn.around", padding=1)
    seen = graph.node("Relu", [seen], "drawn.seen")
    outputs = weights.told.T[:, :, None, None]
    told = _add_convolution(graph, seen, outputs, weights.told_bias, "drawn.told")
    return _by_cell(graph, seen, HIDDEN), _by_cell(graph, told, weights.classes + BOX)


def _add_taken(graph: GraphWriter, tap: str, taken: Floats, side: int) -> str:
    kernel = taken.reshape(side, side, -1, HIDDEN).transpose(3, 2, 0, 1)
    weights = graph.halves(f"drawn.{tap}.weights", kernel)
    sides = [side, side]
    return graph.node("Conv", [tap, weights], f"drawn.{tap}", kernel_shape=sides, strides=sides)


def _add_convolution(
    graph: GraphWriter, source: str, kernel: Floats, bias: Floats, name: str, padding: int = 0
) -> str:
    inputs = [source, graph.halves(f"{name}.weights", kernel), graph.floats(f"{name}.bias", bias)]
    sides = list(kernel.shape[2:])
    return graph.node("Conv", inputs, name, kernel_shape=sides, pads=[padding] * 4)


def _by_cell(graph: GraphWriter, layer: str, channels: int) -> str:
    last = graph.node("Transpose", [layer], f"{layer}.channels_last", perm=[0, 2, 3, 1])
    shape = graph.integers(f"{layer}.shape", -1, channels)
    return graph.node("Reshape", [last, shape], f"{layer}.by_cell")


def _add_corners(write: BoxWriter, places: str, shape: tuple[int, int]) -> str:
    graph = write.graph
    rows, columns = np.mgrid[: shape[0], : shape[1]] + 0.5
    cells = np.stack([columns.ravel(), rows.ravel()], axis=1)
    stride = graph.floats("drawn.stride", STRIDE_PX)
    away = write.columns(places, 0, 2, "away")
    middle = graph.node("Add", [away, graph.floats("drawn.cell_middles", cells)], "drawn.middle")
    middle = graph.node("Mul", [middle, stride], "drawn.middle_px")
    size = write.columns(places, 2, 4, "log_size")
    limits = [graph.floats(f"drawn.{word}", value) for word, value in LIMITS.items()]
    size = graph.node("Clip", [size, *limits], "drawn.log_size")
    size = graph.node("Exp", [size], "drawn.size")
    size = graph.node("Mul", [size, stride], "drawn.size_px")
    return write.corners(middle, size)
