"""Small networks, exported as others do, whose answers are known."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Answers = Mapping[str, NDArray[Any]]


def write_network(
    path: Path,
    answers: Answers,
    *,
    side: int | str = 64,
    opset: int = 17,
    inputs: tuple[str, ...] = (),
) -> Path:
    """Write a network that always answers so, whatever image (1, 3, side, side) it sees."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["images"], ["mean"]),
        helper.make_node("Reshape", ["mean", "flat"], ["colours"]),
        helper.make_node("Slice", ["colours", "begin", "stop"], ["red"]),
        helper.make_node("Mul", ["red", "zero"], ["nothing"]),
    ]
    constants = [
        numpy_helper.from_array(np.array([3], np.int64), "flat"),
        numpy_helper.from_array(np.array([0], np.int64), "begin"),
        numpy_helper.from_array(np.array([1], np.int64), "stop"),
        numpy_helper.from_array(np.array(0, np.float32), "zero"),
    ]
    for name, value in answers.items():
        kind = helper.np_dtype_to_tensor_dtype(value.dtype)
        constants.append(numpy_helper.from_array(value, f"{name}.known"))
        nodes.append(helper.make_node("Cast", ["nothing"], [f"{name}.nothing"], to=kind))
        nodes.append(helper.make_node("Add", [f"{name}.known", f"{name}.nothing"], [name]))
    outputs = [
        helper.make_tensor_value_info(
            name, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape
        )
        for name, value in answers.items()
    ]
    return _write(path, nodes, constants, outputs, side, opset, inputs)


def write_colour_network(path: Path) -> Path:
    """Write a network that answers (1, 1, 6): the means of its three planes, then 1, 1, 0."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["images"], ["mean"]),
        helper.make_node("Reshape", ["mean", "row"], ["colours"]),
        helper.make_node("Concat", ["colours", "rest"], ["output0"], axis=2),
    ]
    constants = [
        numpy_helper.from_array(np.array([1, 1, 3], np.int64), "row"),
        numpy_helper.from_array(np.array([[[1, 1, 0]]], np.float32), "rest"),
    ]
    outputs = [helper.make_tensor_value_info("output0", TensorProto.FLOAT, (1, 1, 6))]
    return _write(path, nodes, constants, outputs, 64, 17, ())


def _write(
    path: Path,
    nodes: list[onnx.NodeProto],
    constants: list[onnx.TensorProto],
    outputs: list[onnx.ValueInfoProto],
    side: int | str,
    opset: int,
    inputs: tuple[str, ...],
) -> Path:
    images = helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, side, side])
    others = [helper.make_tensor_value_info(name, TensorProto.INT64, [1, 2]) for name in inputs]
    graph = helper.make_graph(nodes, "theirs", [images, *others], outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.save(model, path)
    return path
