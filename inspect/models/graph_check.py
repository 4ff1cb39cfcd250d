"""What a graph may hold: a model file from anywhere is refused before any of it is run."""

from collections.abc import Iterator
from math import prod

import onnx
from onnx import TensorProto, helper

from ..core.errors import ModelError
from ..core.manifest import ModelManifest

OPSETS = range(13, 23)
MOST_NUMBERS = 2**24
"""In any one step of the graph; the largest of ours holds a seventh of it."""

ANOMALY_OPERATORS = frozenset(
    {
        *("Add", "Cast", "Clip", "Conv", "Div", "Gather", "Identity", "MatMul", "Max", "Mul"),
        *("Pow", "ReduceL2", "ReduceMean", "ReduceMin", "ReduceSumSquare", "Relu", "Reshape"),
        *("Sqrt", "Sub", "TopK", "Transpose", "Unsqueeze"),
    }
)
"""All an anomaly model needs; none of them loops, reads a file or makes its own size up."""


def check_graph(model: onnx.ModelProto, manifest: ModelManifest) -> None:
    """Raise ModelError, naming what is wrong, unless the graph is one this product may run."""
    _check_operator_sets(model)
    for node in model.graph.node:
        _check_node(node)
    for tensor in _tensors(model):
        _check_tensor(tensor)
    _check_borders(model.graph, manifest)
    _check_sizes(model)


def _check_operator_sets(model: onnx.ModelProto) -> None:
    if model.functions or model.training_info or model.graph.sparse_initializer:
        raise ModelError("holds functions, training steps or sparse weights")
    for opset in model.opset_import:
        if opset.domain not in ("", "ai.onnx"):
            raise ModelError(f"needs the operator set '{opset.domain[:64]}'")
        if opset.version not in OPSETS:
            raise ModelError(f"needs version {opset.version} of the ONNX operators")


def _check_node(node: onnx.NodeProto) -> None:
    if node.domain not in ("", "ai.onnx") or node.op_type not in ANOMALY_OPERATORS:
        name = f"{node.domain}.{node.op_type}".lstrip(".")[:64]
        raise ModelError(f"uses the operator {name}")
    if any(attribute.HasField("g") or attribute.graphs for attribute in node.attribute):
        raise ModelError(f"hides a graph inside {node.op_type}")


def _tensors(model: onnx.ModelProto) -> Iterator[onnx.TensorProto]:
    yield from model.graph.initializer
    for node in model.graph.node:
        for attribute in node.attribute:
            yield from ([attribute.t] if attribute.HasField("t") else [])
            yield from attribute.tensors


def _check_tensor(tensor: onnx.TensorProto) -> None:
    if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
        raise ModelError(f"keeps the weights '{tensor.name[:64]}' in another file")
    if tensor.data_type not in (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.INT64):
        raise ModelError(f"keeps the weights '{tensor.name[:64]}' in an unexpected type")
    item_bytes = helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
    if min(tensor.dims, default=0) < 0 or prod(tensor.dims) * item_bytes != len(tensor.raw_data):
        raise ModelError(f"has weights '{tensor.name[:64]}' of another size than they claim")


def _check_borders(graph: onnx.GraphProto, manifest: ModelManifest) -> None:
    expected = (manifest.input_height_px, manifest.input_width_px, 3)
    if [_border(value) for value in graph.input] != [("frame", TensorProto.UINT8, expected)]:
        raise ModelError(f"does not take one frame of uint8 {expected} as its manifest says")
    if [value.name for value in graph.output] != ["score", "anomaly_map"]:
        raise ModelError("does not answer with a score and an anomaly map")


def _border(value: onnx.ValueInfoProto) -> tuple[str, int, tuple[int, ...]]:
    tensor = value.type.tensor_type
    return value.name, tensor.elem_type, tuple(dim.dim_value for dim in tensor.shape.dim)


def _check_sizes(model: onnx.ModelProto) -> None:
    """Refuse a graph whose steps have no fixed size, or one that would fill the memory."""
    try:
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph
    except onnx.shape_inference.InferenceError:
        raise ModelError("has steps whose sizes do not fit together") from None
    sizes = {value.name: _size(value) for value in (*inferred.value_info, *inferred.output)}
    for node in model.graph.node:
        for name in node.output:
            if not 0 < sizes.get(name, 0) <= MOST_NUMBERS:
                raise ModelError(f"has a step of unknown or huge size ('{name[:64]}')")


def _size(value: onnx.ValueInfoProto) -> int:
    """Return how many numbers a value holds; 0 when that is not fixed."""
    tensor = value.type.tensor_type
    return prod(dim.dim_value for dim in tensor.shape.dim) if tensor.HasField("shape") else 0
