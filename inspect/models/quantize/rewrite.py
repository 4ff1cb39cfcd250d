"""A graph rewritten so that its convolutions are counted in 8 bits.

The form is ONNX's QDQ: what a convolution takes and makes is rounded to uint8 and read back, its
weights are int8 with one scale a channel. Both runtimes turn it into integer convolutions.
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

STEPS = 255
MOST_WEIGHT = 127
LEAST_SPAN = 1e-6
"""So that what is always zero has a scale too."""


@dataclass
class _Rewriting:
    """The steps and constants of the graph as it becomes; `renamed` is what is read instead."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)

    def take(self, node: onnx.NodeProto, weights: NDArray[np.float32] | None) -> None:
        """Add a step as it is; with `weights`, a convolution that counts in 8 bits."""
        new = onnx.NodeProto()
        new.CopyFrom(node)
        new.input[:] = [self.renamed.get(name, name) for name in node.input]
        if weights is not None:
            new.input[1] = self._weights(node.input[1], weights)
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

    def _weights(self, name: str, values: NDArray[np.float32]) -> str:
        """Keep weights (channels, ...) as int8, once, with a scale a channel."""
        new = f"{name}.rounded"
        if f"{name}.i8" in self.constants:
            return new
        most = np.abs(values).reshape(len(values), -1).max(axis=1)
        scales = (np.maximum(most, LEAST_SPAN) / MOST_WEIGHT).astype(np.float32)
        whole = np.rint(values / scales.reshape(-1, *[1] * (values.ndim - 1)))
        given = [
            self._constant(f"{name}.i8", whole.astype(np.int8)),
            self._constant(f"{name}.scales", scales),
            self._constant(f"{name}.zeros", np.zeros(len(values), np.int8)),
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

    `ranges` says how large what each of them rounds becomes.
    """
    becoming = _Rewriting()
    constants = real_constants(model.graph)
    weights = {each.name: constants[each.weights] for each in chosen}
    rounded = rounded_by(chosen)
    for value in model.graph.input:
        if value.name in rounded:
            becoming.round(value.name, ranges[value.name])
    for node in model.graph.node:
        becoming.take(node, weights.get(node.output[0]))
        for name in rounded.intersection(node.output):
            becoming.round(name, ranges[name])
    return _pruned(model, becoming)


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
