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
BOUNDS = ("Clip", "Relu")


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution by its own name, what it takes, its weights and what it makes, by name, and
    its multiplications.

    What it makes may have gone through a ReLU, which both runtimes join to it.
    """

    name: str
    taken: str
    weights: str
    made: str
    work: int

    @property
    def rounded(self) -> tuple[str, str]:
        """What is rounded where it counts in 8 bits.

        Onnxruntime counts in integers only where what is made is rounded too.
        """
        return self.taken, self.made


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
    bounded = {node.input[0]: node.output[0] for node in model.graph.node if node.op_type in BOUNDS}
    return tuple(
        Convolution(
            name=node.output[0],
            taken=node.input[0],
            weights=node.input[1],
            made=bounded.get(node.output[0], node.output[0]),
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
