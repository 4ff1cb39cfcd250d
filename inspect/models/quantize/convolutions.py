"""The convolutions of a graph, which are what is counted in 8 bits.

They are nearly all of the work, and an error of theirs is averaged by what follows. Distances to
what was taught, pooling and whatever makes the answer stay in float32.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
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
    """A convolution by its own name, what it takes, its weights, its bias ("" for none) and what
    it makes, by name, and its multiplications.

    What it makes has gone through the bound behind it (ReLU), which both runtimes join to it. It
    is `handed_on` where a bound leads straight to another convolution, which rounds what it takes.
    """

    name: str
    taken: str
    weights: str
    bias: str
    made: str
    handed_on: bool
    work: int

    @property
    def rounded(self) -> tuple[str, ...]:
        """What is rounded where this one counts in 8 bits."""
        return (self.taken,) if self.handed_on else (self.taken, self.made)


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
    """Return those with constant weights and bias, in their order, but for what looks at the pixels
    themselves: it does most harm and is least of the work.
    """
    constants = real_constants(model.graph)
    sizes = _sizes(model)
    bounded = _bounded(model.graph)
    taken = {node.input[0] for node in model.graph.node if node.op_type == "Conv"}
    return tuple(
        Convolution(
            name=node.output[0],
            taken=node.input[0],
            weights=node.input[1],
            bias=_bias(node),
            made=bounded.get(node.output[0], node.output[0]),
            handed_on=bounded.get(node.output[0]) in taken,
            work=sizes[node.output[0]] * constants[node.input[1]][0].size,
        )
        for node in model.graph.node
        if node.op_type == "Conv"
        and node.input[1] in constants
        and (not _bias(node) or _bias(node) in constants)
        and constants[node.input[1]].shape[1] != COLOURS
    )


def _bias(node: onnx.NodeProto) -> str:
    return next(iter(node.input[2:]), "")


def _bounded(graph: onnx.GraphProto) -> dict[str, str]:
    """Return what becomes of each number that goes nowhere but through a bound."""
    uses = Counter(name for node in graph.node for name in node.input)
    return {
        node.input[0]: node.output[0]
        for node in graph.node
        if node.op_type in BOUNDS and uses[node.input[0]] == 1
    }


def rounded_by(chosen: Iterable[Convolution]) -> frozenset[str]:
    """Return all that is rounded where the `chosen` ones count in 8 bits."""
    return frozenset(name for each in chosen for name in each.rounded)


def rounded_at_both_ends(chosen: Sequence[Convolution]) -> tuple[Convolution, ...]:
    """Return those of the `chosen` whose results are rounded too, by themselves or by the next.

    Onnxruntime reads the numbers of any other back and counts them in float32, which is slower
    than to leave it alone.
    """
    kept = tuple(each for each in chosen if each.made in rounded_by(chosen))
    return kept if len(kept) == len(chosen) else rounded_at_both_ends(kept)


def _sizes(model: onnx.ModelProto) -> dict[str, int]:
    """Return how many numbers each step makes."""
    graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    return {
        value.name: prod(dim.dim_value for dim in value.type.tensor_type.shape.dim)
        for value in (*graph.value_info, *graph.output)
    }
