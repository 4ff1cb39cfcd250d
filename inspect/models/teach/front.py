"""The front of every model: from a frame's pixels to the features of its cells.

Teaching reads its features through this very graph, so they can never differ on the line.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import onnx
from onnx import TensorProto, helper

from ..backbone.pixels import INPUT
from ..backbone.shipped import backbone_path
from ..graph_writer import GraphWriter
from .form import CHANNELS, Form, Tap
from .views import add_views

PRODUCER = "edgeinspect.models.teach"
LENGTH_FLOOR = 1e-6


def frame_value(form: Form) -> onnx.ValueInfoProto:
    """Return the graph's input: uint8 (height, width, 3), BGR."""
    shape = [form.input.height_px, form.input.width_px, 3]
    return helper.make_tensor_value_info("frame", TensorProto.UINT8, shape)


def add_front(graph: GraphWriter, form: Form) -> dict[Tap, str]:
    """Add the nodes from `frame` to each tap's cells, (cells, channels) of unit length."""
    add_blocks(graph, add_views(graph, form.input), (*form.taps, *form.drawn_taps))
    return {tap: _add_cells(graph, tap) for tap in form.taps}


def add_blocks(graph: GraphWriter, views: Mapping[str, str], taps: Collection[Tap]) -> None:
    """Add the nodes from the pixels of `views` to the block of each tap: (1, channels, rows,
    columns), under the tap's name.
    """
    backbone = onnx.load(backbone_path()).graph
    for view, pixels in views.items():
        blocks = {tap.block for tap in taps if tap.view == view}
        if blocks:
            _add_backbone(graph, view, pixels, *_cut(backbone, blocks))


def features_model(form: Form) -> onnx.ModelProto:
    """Return the front alone, its outputs the cells of the form's taps."""
    graph = GraphWriter()
    outputs = [
        helper.make_tensor_value_info(
            name, TensorProto.FLOAT, [form.cells(tap), CHANNELS[tap.block]]
        )
        for tap, name in add_front(graph, form).items()
    ]
    return graph.model("features", PRODUCER, [frame_value(form)], outputs)


def _add_backbone(
    graph: GraphWriter,
    view: str,
    pixels: str,
    nodes: Sequence[onnx.NodeProto],
    constants: Sequence[onnx.TensorProto],
) -> None:
    """Add the backbone on one view. All views share its weights but not its biases: OpenVINO joins
    a bias, and what follows it, to a convolution only where nothing else uses that bias.
    """
    casts = [node for node in nodes if _is_weight(node)]
    weights = [each for each in constants if not _is_bias(each)]
    shared = {each.name for each in weights} | {node.output[0] for node in casts}
    _add_new(graph.constants, weights)
    _add_new(graph.nodes, casts)
    graph.constants.extend(_bias_of_view(each, view) for each in constants if _is_bias(each))
    graph.nodes.extend(
        _of_view(node, view, pixels, shared) for node in nodes if not _is_weight(node)
    )


def _add_new(held: list[Any], more: Sequence[Any]) -> None:
    names = {each.name for each in held}
    held.extend(each for each in more if each.name not in names)


def _is_bias(constant: onnx.TensorProto) -> bool:
    """Say whether a constant of the backbone is one number a channel."""
    return len(constant.dims) == 1


def _bias_of_view(bias: onnx.TensorProto, view: str) -> onnx.TensorProto:
    own = onnx.TensorProto()
    own.CopyFrom(bias)
    own.name = f"{view}.{bias.name}"
    return own


def _of_view(
    node: onnx.NodeProto, view: str, pixels: str, shared: Collection[str]
) -> onnx.NodeProto:
    """Return a copy of a step that works on one view."""
    own = onnx.NodeProto()
    own.CopyFrom(node)
    own.name = f"{view}.{node.name}"
    own.input[:] = [_named(name, view, pixels, shared) for name in node.input]
    own.output[:] = [f"{view}.{name}" for name in node.output]
    return own


def _is_weight(node: onnx.NodeProto) -> bool:
    """Say whether a node only turns a kept weight into float32."""
    return bool(node.op_type == "Cast" and node.input[0].endswith(".half"))


def _named(name: str, view: str, pixels: str, shared: Collection[str]) -> str:
    if name == INPUT:
        return pixels
    return name if name in shared else f"{view}.{name}"


def _add_cells(graph: GraphWriter, tap: Tap) -> str:
    name = tap.name
    length = graph.node("ReduceL2", [name], f"{name}.length", axes=[1], keepdims=1)
    floor = graph.floats(f"{name}.floor", LENGTH_FLOOR)
    length = graph.node("Max", [length, floor], f"{name}.length_at_least")
    unit = graph.node("Div", [name, length], f"{name}.unit")
    last = graph.node("Transpose", [unit], f"{name}.channels_last", perm=[0, 2, 3, 1])
    shape = graph.integers(f"{name}.shape", -1, CHANNELS[tap.block])
    return graph.node("Reshape", [last, shape], f"{name}.cells")


def _cut(
    backbone: onnx.GraphProto, blocks: Collection[str]
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Return the nodes and constants that `blocks` depend on, in their order."""
    needed, nodes = set(blocks), []
    for node in reversed(backbone.node):
        if needed.intersection(node.output):
            needed.update(node.input)
            nodes.append(node)
    return nodes[::-1], [tensor for tensor in backbone.initializer if tensor.name in needed]
