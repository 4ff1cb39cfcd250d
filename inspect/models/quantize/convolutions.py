"""The convolutions of a graph, which are what is counted in 8 bits.

They are nearly all of the work, and an error of theirs is averaged by what follows. Distances to
what was taught, pooling and whatever makes the answer stay in float32.
"""

from dataclasses import dataclass
from math import prod

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

COLOURS = 3
"""Channels of a frame; no convolution behind the first takes so few."""


@dataclass(frozen=True, slots=True)
class Convolution:
    """What a convolution makes, what it takes and its weights, by name, and its multiplications."""

    name: str
    taken: str
    weights: str
    work: int


def real_constants(graph: onnx.GraphProto) -> dict[str, NDArray[np.float32]]:
    """Return the constants of real numbers; those kept as float16 also under their cast's name."""
    kept = {
        tensor.name: np.asarray(numpy_helper.to_array(tensor), np.float32)
        for tensor in graph.initializer
        if tensor.data_type in (TensorProto.FLOAT, TensorProto.FLOAT16)
    }
    cast = {
        node.output[0]: kept[node.input[0]]
        for node in graph.node
        if node.op_type == "Cast" and node.input[0] in kept
    }
    return kept | cast


def convolutions(model: onnx.ModelProto) -> tuple[Convolution, ...]:
    """Return those with constant weights, in their order, but for what looks at the pixels
    themselves: it does most harm and is least of the work.
    """
    constants = real_constants(model.graph)
    sizes = _sizes(model)
    return tuple(
        Convolution(
            name=node.output[0],
            taken=node.input[0],
            weights=node.input[1],
            work=sizes[node.output[0]] * constants[node.input[1]][0].size,
        )
        for node in model.graph.node
        if node.op_type == "Conv"
        and node.input[1] in constants
        and constants[node.input[1]].shape[1] != COLOURS
    )


def _sizes(model: onnx.ModelProto) -> dict[str, int]:
    """Return how many numbers each step makes."""
    graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    return {
        value.name: prod(dim.dim_value for dim in value.type.tensor_type.shape.dim)
        for value in (*graph.value_info, *graph.output)
    }
