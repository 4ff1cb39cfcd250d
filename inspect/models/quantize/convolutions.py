"""The convolutions of a graph, which are what is counted in 8 bits.

They are nearly all of the work, and an error of theirs is averaged by what follows. Distances to
what was taught, pooling and whatever makes the answer stay in float32.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper


@dataclass(frozen=True, slots=True)
class Convolution:
    """What a convolution makes, what it takes and its weights, by name."""

    name: str
    taken: str
    weights: str


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


def convolutions(graph: onnx.GraphProto) -> tuple[Convolution, ...]:
    """Return all with constant weights, in their order."""
    constants = real_constants(graph).keys()
    return tuple(
        Convolution(node.output[0], node.input[0], node.input[1])
        for node in graph.node
        if node.op_type == "Conv" and node.input[1] in constants
    )
