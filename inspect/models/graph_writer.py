"""Writes an ONNX graph node by node, so that the same numbers give the same bytes."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8


@dataclass
class GraphWriter:
    """Nodes and constants of a graph being written; methods return their output's name."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def node(self, kind: str, inputs: list[str], *outputs: str, **attributes: Any) -> str:
        """Add one operator; the name returned is that of its first output."""
        node = helper.make_node(kind, inputs, list(outputs), name=outputs[0], **attributes)
        self.nodes.append(node)
        return outputs[0]

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Add a constant as it is."""
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def floats(self, name: str, value: Any) -> str:
        """Add a float32 constant."""
        return self.constant(name, np.asarray(value, np.float32))

    def integers(self, name: str, *values: int) -> str:
        """Add a list of int64, as shapes and axes are."""
        return self.constant(name, np.array(values, np.int64))

    def halves(self, name: str, value: NDArray[np.float32]) -> str:
        """Add a float32 constant that is kept as float16 and cast in the graph."""
        self.constant(f"{name}.half", value.astype(np.float16))
        return self.node("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def model(
        self,
        name: str,
        producer: str,
        inputs: list[onnx.ValueInfoProto],
        outputs: list[onnx.ValueInfoProto],
        opset: int = OPSET,
    ) -> onnx.ModelProto:
        """Return the finished model, checked; `opset` is the version of the operators it uses."""
        body = helper.make_graph(self.nodes, name, inputs, outputs, self.constants)
        opsets = [helper.make_opsetid("", opset)]
        model = helper.make_model(body, opset_imports=opsets, ir_version=IR_VERSION)
        model.producer_name = producer
        onnx.checker.check_model(model, full_check=True)
        return model
