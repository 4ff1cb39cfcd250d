"""The whole graph around a foreign network: from a frame's bytes to a detector's answer."""

from collections.abc import Sequence

import onnx
from onnx import TensorProto, checker, helper, shape_inference

from ...core.errors import ModelError
from ..graph_writer import GraphWriter
from ..suppress import add_boxes, add_score_of_boxes
from .classify import add_classes
from .declared import InputForm, Layout
from .foreign import ForeignGraph
from .front import add_front
from .layouts import add_decoding
from .plain import add_network

PRODUCER = "edgeinspect.models.wrap"
OVERLAP = 0.7
"""Intersection over union from which of two boxes of a class one goes; ultralytics' default."""


def detector_graph(
    network: ForeignGraph, layout: Layout, form: InputForm, classes: int, overlap: float
) -> onnx.ModelProto:
    """Return the graph to `score` () and `boxes` (n, 6). Raises ModelError when it does not fit."""
    graph = GraphWriter()
    outputs = add_network(graph, network, add_front(graph, form))
    found = add_decoding(graph, layout, network, outputs, classes)
    side_px = max(network.width_px, network.height_px)
    count = add_boxes(graph, found, overlap, side_px)
    add_score_of_boxes(graph)
    boxes = helper.make_tensor_value_info("boxes", TensorProto.FLOAT, [count, 6])
    return _model(graph, network, boxes)


def classifier_graph(
    network: ForeignGraph, form: InputForm, classes: int, good: Sequence[int]
) -> onnx.ModelProto:
    """Return the graph to `score` () and `class_map` (classes, 1, 1). Raises ModelError."""
    graph = GraphWriter()
    outputs = add_network(graph, network, add_front(graph, form))
    add_classes(graph, network, outputs, classes, good)
    each = helper.make_tensor_value_info("class_map", TensorProto.FLOAT, [classes, 1, 1])
    return _model(graph, network, each)


def _model(
    graph: GraphWriter, network: ForeignGraph, answer: onnx.ValueInfoProto
) -> onnx.ModelProto:
    shape = [network.height_px, network.width_px, 3]
    frame = helper.make_tensor_value_info("frame", TensorProto.UINT8, shape)
    score = helper.make_tensor_value_info("score", TensorProto.FLOAT, [])
    try:
        return graph.model("wrapped", PRODUCER, [frame], [score, answer], opset=network.opset)
    except (checker.ValidationError, shape_inference.InferenceError):
        raise ModelError("has steps that do not fit together; export it again") from None
