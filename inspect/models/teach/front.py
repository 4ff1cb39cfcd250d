"""The front of every model: from a frame's pixels to the features of its cells.

Teaching reads its features through this very graph, so they can never differ on the line.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from ..backbone import backbone_path
from ..graph_writer import GraphWriter

PRODUCER = "edgeinspect.models.teach"
TAPS = ("t7", "t14")
MAP_TAP = "t7"
CHANNELS = {"t7": 80, "t14": 192}
STRIDES_PX = {"t7": 16, "t14": 32}
LENGTH_FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Grid:
    """The input's size, and how the taps divide it into cells, row by row."""

    width_px: int
    height_px: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the anomaly map."""
        return self.height_px // STRIDES_PX[MAP_TAP], self.width_px // STRIDES_PX[MAP_TAP]

    def cells(self, tap: str) -> int:
        """Return how many cells a tap has."""
        return (self.height_px // STRIDES_PX[tap]) * (self.width_px // STRIDES_PX[tap])

    def covering(self, tap: str) -> NDArray[np.int64]:
        """Return for every cell of the map the index of the tap's cell over it."""
        rows, columns = self.shape
        times = STRIDES_PX[tap] // STRIDES_PX[MAP_TAP]
        down, across = np.arange(rows) // times, np.arange(columns) // times
        return (down[:, None] * (columns // times) + across[None, :]).reshape(-1)


def frame_value(grid: Grid) -> onnx.ValueInfoProto:
    """Return the graph's input: uint8 (height, width, 3), BGR."""
    shape = [grid.height_px, grid.width_px, 3]
    return helper.make_tensor_value_info("frame", TensorProto.UINT8, shape)


def add_front(graph: GraphWriter) -> dict[str, str]:
    """Add the nodes from `frame` to each tap's cells, (cells, channels) of unit length."""
    planes = graph.node("Transpose", ["frame"], "planes", perm=[2, 0, 1])
    order = graph.integers("red_green_blue", 2, 1, 0)
    colours = graph.node("Gather", [planes, order], "colours", axis=0)
    batch = graph.node("Unsqueeze", [colours, graph.integers("first", 0)], "batch")
    graph.node("Cast", [batch], "pixels", to=TensorProto.FLOAT)
    nodes, constants = _cut(onnx.load(backbone_path()).graph)
    graph.nodes.extend(nodes)
    graph.constants.extend(constants)
    return {tap: _add_cells(graph, tap) for tap in TAPS}


def features_model(grid: Grid) -> onnx.ModelProto:
    """Return the front alone, its outputs the cells of `TAPS`."""
    graph = GraphWriter()
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [grid.cells(tap), CHANNELS[tap]])
        for tap, name in add_front(graph).items()
    ]
    return graph.model("features", PRODUCER, [frame_value(grid)], outputs)


def _add_cells(graph: GraphWriter, tap: str) -> str:
    length = graph.node("ReduceL2", [tap], f"{tap}.length", axes=[1], keepdims=1)
    floor = graph.floats(f"{tap}.floor", LENGTH_FLOOR)
    length = graph.node("Max", [length, floor], f"{tap}.length_at_least")
    unit = graph.node("Div", [tap, length], f"{tap}.unit")
    last = graph.node("Transpose", [unit], f"{tap}.channels_last", perm=[0, 2, 3, 1])
    shape = graph.integers(f"{tap}.shape", -1, CHANNELS[tap])
    return graph.node("Reshape", [last, shape], f"{tap}.cells")


def _cut(backbone: onnx.GraphProto) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Return the nodes and constants that `TAPS` depend on, in their order."""
    needed, nodes = set(TAPS), []
    for node in reversed(backbone.node):
        if needed.intersection(node.output):
            needed.update(node.input)
            nodes.append(node)
    return nodes[::-1], [tensor for tensor in backbone.initializer if tensor.name in needed]
