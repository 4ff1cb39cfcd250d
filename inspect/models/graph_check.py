"""What a graph may hold: a model file from anywhere is refused before any of it is run."""

from collections.abc import Iterator
from math import prod

import onnx
from onnx import TensorProto, helper

from ..core.errors import ModelError
from ..core.manifest import ModelManifest
from .family import ANSWERS, FAMILIES, Family
from .graph_cost import check_cost
from .graph_order import check_order

OPSETS = range(13, 23)
MOST_INTEGERS = 1024
"""In one tensor of shapes or places; the longest of ours has 256."""

MOST_ATTRIBUTE_BYTES = 65_536
"""Inside one step; weights stand outside the steps."""
PLAIN_ATTRIBUTE = frozenset(
    {"name", "type", "doc_string", "f", "i", "s", "t", "floats", "ints", "strings"}
)
"""All that an attribute may hold: numbers, texts and small tensors."""
_REALS = (TensorProto.FLOAT, TensorProto.FLOAT16)
_WHOLES = (TensorProto.INT64, TensorProto.INT32, TensorProto.BOOL)
PLAIN_TENSOR = frozenset({"name", "doc_string", "dims", "data_type", "raw_data"})
"""All that weights may hold."""

QUANTISING = frozenset({"QuantizeLinear", "DequantizeLinear"})
"""What a model counted in 8 bits needs besides its family's steps."""
_BYTES = (TensorProto.INT8, TensorProto.UINT8)


def check_graph(model: onnx.ModelProto, manifest: ModelManifest) -> None:
    """Raise ModelError, naming what is wrong, unless the graph is one this product may run."""
    family = FAMILIES[manifest.family]
    _check_operator_sets(model)
    if len(model.graph.node) > family.most_nodes:
        raise ModelError(f"has more than {family.most_nodes} steps")
    for node in model.graph.node:
        _check_node(node, family)
    for tensor in _tensors(model):
        _check_tensor(tensor)
    _check_borders(model.graph, manifest, family)
    check_order(model.graph)
    _check_constants(model.graph)
    check_cost(model)


def _check_operator_sets(model: onnx.ModelProto) -> None:
    if model.functions or model.training_info or model.graph.sparse_initializer:
        raise ModelError("holds functions, training steps or sparse weights")
    for opset in model.opset_import:
        if opset.domain not in ("", "ai.onnx"):
            raise ModelError(f"needs the operator set '{opset.domain[:64]}'")
        if opset.version not in OPSETS:
            raise ModelError(f"needs version {opset.version} of the ONNX operators")
    if len(model.opset_import) != 1:
        raise ModelError("does not say which one version of the ONNX operators it needs")


def _check_node(node: onnx.NodeProto, family: Family) -> None:
    if node.domain not in ("", "ai.onnx") or node.op_type not in family.operators | QUANTISING:
        name = f"{node.domain}.{node.op_type}".lstrip(".")[:64]
        raise ModelError(f"uses the operator {name}")
    for attribute in node.attribute:
        if attribute.ByteSize() > MOST_ATTRIBUTE_BYTES:
            raise ModelError(f"keeps more than {MOST_ATTRIBUTE_BYTES} bytes inside {node.op_type}")
        if not {field.name for field, _ in attribute.ListFields()} <= PLAIN_ATTRIBUTE:
            raise ModelError(f"hides a graph or a sparse tensor inside {node.op_type}")


def _tensors(model: onnx.ModelProto) -> Iterator[onnx.TensorProto]:
    yield from model.graph.initializer
    for node in model.graph.node:
        for attribute in node.attribute:
            yield from ([attribute.t] if attribute.HasField("t") else [])


def _check_tensor(tensor: onnx.TensorProto) -> None:
    if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
        raise ModelError(f"keeps the weights '{tensor.name[:64]}' in another file")
    if not {field.name for field, _ in tensor.ListFields()} <= PLAIN_TENSOR:
        raise ModelError(f"keeps the weights '{tensor.name[:64]}' in an unexpected form")
    if tensor.data_type not in (*_REALS, *_WHOLES, *_BYTES):
        raise ModelError(f"keeps the weights '{tensor.name[:64]}' in an unexpected type")
    item_bytes = helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
    if min(tensor.dims, default=0) < 0 or prod(tensor.dims) * item_bytes != len(tensor.raw_data):
        raise ModelError(f"has weights '{tensor.name[:64]}' of another size than they claim")
    if tensor.data_type in _WHOLES and prod(tensor.dims) > MOST_INTEGERS:
        raise ModelError(f"keeps more than {MOST_INTEGERS} integers in '{tensor.name[:64]}'")


def _check_borders(graph: onnx.GraphProto, manifest: ModelManifest, family: Family) -> None:
    expected = (manifest.input_height_px, manifest.input_width_px, 3)
    if [_border(value) for value in graph.input] != [("frame", TensorProto.UINT8, expected)]:
        raise ModelError(f"does not take one frame of uint8 {expected} as its manifest says")
    if manifest.findings not in family.findings:
        raise ModelError(f"makes findings by {manifest.findings}, as no {manifest.family} does")
    answers = ANSWERS[manifest.findings]
    if tuple(value.name for value in graph.output) != answers:
        words = " and ".join(answers).replace("_", " ")
        raise ModelError(f"does not answer with {words}")


def _border(value: onnx.ValueInfoProto) -> tuple[str, int, tuple[int, ...]]:
    tensor = value.type.tensor_type
    return value.name, tensor.elem_type, tuple(dim.dim_value for dim in tensor.shape.dim)


def _check_constants(graph: onnx.GraphProto) -> None:
    """Refuse work on constants alone: the runtime would do it while it opens the graph.

    Reading weights that are kept as float16 or int8 is the exception.
    """
    constants = {tensor.name for tensor in graph.initializer}
    for node in graph.node:
        if constants.issuperset(node.input):
            if node.op_type not in ("Cast", "DequantizeLinear"):
                raise ModelError(f"computes {node.op_type} from constants alone")
            constants.update(node.output)
