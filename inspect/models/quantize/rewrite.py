"""A graph rewritten so that its convolutions are counted in 8 bits.

The form is ONNX's QDQ: what a convolution takes and makes is rounded to uint8 and read back, its
weights are int8 with one scale a channel. Both runtimes turn it into integer convolutions. What the
rounding of its weights adds on average is taken off its bias.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from .convolutions import Convolution, real_constants, rounded_by
from .ranges import Range
from .weights import LEAST_SPAN, Numbers, RoundedWeights, mean_error

STEPS = 255


@dataclass(frozen=True, slots=True)
class _Counted:
    """The weights of a convolution that is to be counted in 8 bits, and its bias there."""

    weights: RoundedWeights
    bias: Numbers


@dataclass
class _Rewriting:
    """The steps and constants of the graph as it becomes; `renamed` is what is read instead."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)

    def take(self, node: onnx.NodeProto, counted: _Counted | None) -> None:
        """Add a step as it is, or a convolution that is `counted` in 8 bits."""
        new = onnx.NodeProto()
        new.CopyFrom(node)
        new.input[:] = [self.renamed.get(name, name) for name in node.input]
        if counted is not None:
            # The bias is its own: OpenVINO joins no bias that another convolution uses too.
            bias = self._constant(f"{node.output[0]}.bias", counted.bias)
            new.input[1:] = [self._weights(node.input[1], counted.weights), bias]
        self.nodes.append(new)

    def round(self, name: str, span: Range) -> None:
        """From here on read what `name` holds rounded to uint8."""
        scale = max(span.greatest - span.least, LEAST_SPAN) / STEPS
        given = [
            self._constant(f"{name}.scale", np.asarray(scale, np.float32)),
            self._constant(f"{name}.zero", np.asarray(round(-span.least / scale), np.uint8)),
        ]
        whole = self._step("QuantizeLinear", [name, *given], f"{name}.u8")
        self.renamed[name] = self._step("DequantizeLinear", [whole, *given], f"{name}.rounded")

    def _weights(self, name: str, rounded: RoundedWeights) -> str:
        """Keep weights as int8, once, with a scale a channel."""
        new = f"{name}.rounded"
        if f"{name}.i8" in self.constants:
            return new
        given = [
            self._constant(f"{name}.i8", rounded.whole),
            self._constant(f"{name}.scales", rounded.scales),
            self._constant(f"{name}.zeros", np.zeros(len(rounded.scales), np.int8)),
        ]
        return self._step("DequantizeLinear", given, new, axis=0)

    def _constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants[name] = numpy_helper.from_array(value, name)
        return name

    def _step(self, kind: str, inputs: list[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name


def rewritten(
    model: onnx.ModelProto, chosen: Sequence[Convolution], ranges: Mapping[str, Range]
) -> onnx.ModelProto:
    """Return `model` with the `chosen` convolutions counted in 8 bits.

    `ranges` says what becomes of all that they round.
    """
    becoming = _Rewriting()
    counted = _counted(model.graph, chosen, ranges)
    rounded = rounded_by(chosen)
    for value in model.graph.input:
        if value.name in rounded:
            becoming.round(value.name, ranges[value.name])
    for node in model.graph.node:
        becoming.take(node, counted.get(node.output[0]))
        for name in rounded.intersection(node.output):
            becoming.round(name, ranges[name])
    return _pruned(model, becoming)


def _counted(
    graph: onnx.GraphProto, chosen: Sequence[Convolution], ranges: Mapping[str, Range]
) -> dict[str, _Counted]:
    constants = real_constants(graph)
    counted = {}
    for each in chosen:
        weights = constants[each.weights]
        bias = constants[each.bias] if each.bias else np.zeros(len(weights), np.float32)
        rounded = RoundedWeights.of(weights)
        error = mean_error(weights, rounded, ranges[each.taken].means)
        counted[each.name] = _Counted(rounded, bias - error)
    return counted


def _pruned(model: onnx.ModelProto, becoming: _Rewriting) -> onnx.ModelProto:
    """Return the new model without the steps and constants that nothing uses any more."""
    needed = {value.name for value in model.graph.output}
    nodes = []
    for node in reversed(becoming.nodes):
        if needed.intersection(node.output):
            needed.update(node.input)
            nodes.append(node)
    kept = [*model.graph.initializer, *becoming.constants.values()]
    new = onnx.ModelProto()
    new.CopyFrom(model)
    del new.graph.node[:], new.graph.initializer[:]
    new.graph.node.extend(nodes[::-1])
    new.graph.initializer.extend(tensor for tensor in kept if tensor.name in needed)
    onnx.checker.check_model(new, full_check=True)
    return new
