"""A foreign network's steps and weights, ready to be set among this product's own."""

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

from ...core.errors import ModelError
from ..graph_writer import GraphWriter
from .foreign import ForeignGraph

PREFIX = "net/"
"""Before every name of the network, so that none meets one of ours."""


def add_network(graph: GraphWriter, network: ForeignGraph, pixels: str) -> dict[str, str]:
    """Add the network's steps, fed with `pixels`; return the names of its outputs by theirs."""
    body = network.model.graph
    renamed = {network.input: pixels, "": ""}
    for name in _made(body):
        renamed[name] = f"{PREFIX}{len(renamed)}"
    for tensor in body.initializer:
        graph.constants.append(_weights(numpy_helper.to_array(tensor), renamed[tensor.name]))
    for node in body.node:
        if node.op_type == "Constant":
            graph.constants.append(_weights(_value(node), renamed[node.output[0]]))
        else:
            graph.nodes.append(_renamed(node, renamed))
    return {value.name: renamed[value.name] for value in body.output}


def _made(body: onnx.GraphProto) -> Sequence[str]:
    made = [tensor.name for tensor in body.initializer]
    return made + [name for node in body.node for name in node.output if name]


def _renamed(node: onnx.NodeProto, renamed: dict[str, str]) -> onnx.NodeProto:
    same = onnx.NodeProto()
    same.CopyFrom(node)
    same.ClearField("doc_string")
    del same.metadata_props[:], same.input[:], same.output[:]
    same.input.extend(renamed[name] for name in node.input)
    same.output.extend(renamed[name] for name in node.output)
    same.name = same.output[0]
    return same


def _value(node: onnx.NodeProto) -> np.ndarray:
    (attribute,) = node.attribute
    value = onnx.helper.get_attribute_value(attribute)
    if isinstance(value, TensorProto):
        return numpy_helper.to_array(value)
    return np.asarray(
        value, np.float32 if attribute.name.endswith(("float", "floats")) else np.int64
    )


def _weights(value: np.ndarray, name: str) -> TensorProto:
    """Return the weights as raw bytes, in one of the types a model of this product may hold."""
    if value.dtype not in (np.float32, np.float16, np.int64, np.int32, np.bool_):
        raise ModelError(f"holds numbers of the type {value.dtype}; export it in float32")
    return numpy_helper.from_array(np.ascontiguousarray(value), name)
