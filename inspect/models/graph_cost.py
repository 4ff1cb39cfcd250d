"""What a graph would cost in memory and time, told from the sizes of its steps."""

from math import prod

import onnx
from onnx import shape_inference
from onnx.checker import ValidationError
from onnx.defs import SchemaError

from ..core.errors import ModelError

MOST_NUMBERS = 2**27
"""In any one step of the graph; ours hold 4 million, and 100 million in an input of 2048 pixels."""
MOST_HELD = 2**28
"""At any time: what was made and is still wanted. Ours hold 0.2 to 8 million, and 204 million in an
input of 2048 pixels."""
MOST_WORK = 2**36
"""Multiplications of one run, or what takes as long; some seconds of a small box. Ours take 0.2 to
2 thousand million, and 42 in an input of 2048 pixels."""
MOST_DIMENSIONS = 8
MOST_SHAPE_NUMBERS = 64
"""In a constant that may tell the size of a step."""
MOST_CHOSEN = 1000
"""Boxes that may be chosen among overlapping ones."""

_PASS, _SLOW_PASS = 8, 64
"""Multiplications of a convolution that take as long as looking at one number, and as a root, a
power or a comparison of it: those do not run side by side."""
_SLOW = frozenset(
    {
        *("Cos", "Elu", "Erf", "Exp", "Gelu", "GridSample", "HardSwish", "Log", "Mish", "Mod"),
        *("Pow", "Resize", "Sigmoid", "Sin", "Softmax", "Softplus", "Sqrt", "Tanh", "TopK"),
    }
)
_MISFITS = (
    *(shape_inference.InferenceError, SchemaError, ValidationError),
    *(IndexError, MemoryError, OverflowError, RuntimeError, TypeError, ValueError),
)
"""What onnx raises for a step that makes no sense: its own errors, and those of C++."""

Types = dict[str, onnx.TypeProto]


def check_cost(model: onnx.ModelProto) -> None:
    """Raise ModelError for a graph whose steps have no fixed size, or that would fill the memory
    or hold the line up.

    The sizes are told step by step, and the first that is too large ends it: telling those of a
    whole graph at once can itself fill the memory. What the graph claims of them is not used.
    """
    graph = model.graph
    if graph.value_info:
        raise ModelError("claims the sizes of its own steps")
    types = {value.name: value.type for value in graph.input} | _constant_types(graph)
    short = {
        tensor.name: tensor
        for tensor in graph.initializer
        if prod(tensor.dims) <= MOST_SHAPE_NUMBERS
    }
    held, work, wanted = {value.name: _size(value.type) for value in graph.input}, 0, _wanted(graph)
    for place, node in enumerate(graph.node):
        types |= _made(node, types, short, model.opset_import[0].version)
        held |= {name: _checked_size(types, name) for name in node.output if name}
        work += _work(node, types)
        if sum(held.values()) > MOST_HELD:
            raise ModelError("needs more memory than any model here does")
        if work > MOST_WORK:
            raise ModelError("needs more time than any model here does")
        held = {name: size for name, size in held.items() if wanted.get(name, 0) > place}


def _wanted(graph: onnx.GraphProto) -> dict[str, int]:
    """Return which step is the last to want each thing; the answers are wanted to the end."""
    last = {name: place for place, node in enumerate(graph.node) for name in node.input}
    return last | {value.name: len(graph.node) for value in graph.output}


def _constant_types(graph: onnx.GraphProto) -> Types:
    if max((len(tensor.dims) for tensor in graph.initializer), default=0) > MOST_DIMENSIONS:
        raise ModelError(f"keeps weights of more than {MOST_DIMENSIONS} dimensions")
    return {
        tensor.name: onnx.helper.make_tensor_type_proto(tensor.data_type, list(tensor.dims))
        for tensor in graph.initializer
    }


def _made(
    node: onnx.NodeProto, types: Types, constants: dict[str, onnx.TensorProto], version: int
) -> Types:
    """Return type and shape of what a step makes, as far as they are fixed."""
    if node.op_type == "NonMaxSuppression":
        return {node.output[0]: _largest_choice(node, types, constants)}
    taken = {name: types[name] for name in node.input if name}
    numbers = {name: constants[name] for name in taken if name in constants}
    try:
        schema = onnx.defs.get_schema(node.op_type, version, "")
        return shape_inference.infer_node_outputs(
            schema, node, taken, numbers, opset_imports=[onnx.helper.make_opsetid("", version)]
        )
    except _MISFITS:
        raise ModelError("has steps whose sizes do not fit together") from None


def _largest_choice(
    node: onnx.NodeProto, types: Types, constants: dict[str, onnx.TensorProto]
) -> onnx.TypeProto:
    """Return the most boxes that a step may choose; how many it does depends on the picture.

    Its limit is one for each picture and class, so there must be one of both.
    """
    limit = constants.get(node.input[2]) if len(node.input) > 2 else None
    if limit is None or limit.data_type != onnx.TensorProto.INT64 or prod(limit.dims) != 1:
        raise ModelError("chooses boxes without a limit")
    if _shape(types[node.input[1]])[:2] != (1, 1):
        raise ModelError("chooses boxes of several pictures or classes at once")
    most = int(onnx.numpy_helper.to_array(limit).ravel()[0])
    if not 0 < most <= MOST_CHOSEN:
        raise ModelError(f"chooses more than {MOST_CHOSEN} boxes")
    return onnx.helper.make_tensor_type_proto(onnx.TensorProto.INT64, [most, 3])


def _checked_size(types: Types, name: str) -> int:
    size = _size(types[name]) if name in types else 0
    if not 0 < size <= MOST_NUMBERS:
        raise ModelError(f"has a step of unknown or huge size ('{name[:64]}')")
    return size


def _size(kind: onnx.TypeProto) -> int:
    """Return how many numbers a tensor holds; 0 when that is not fixed or has no sense."""
    shape = _shape(kind)
    if not kind.tensor_type.HasField("shape") or len(shape) > MOST_DIMENSIONS:
        return 0
    return prod(shape) if min(shape, default=1) > 0 else 0


def _shape(kind: onnx.TypeProto) -> tuple[int, ...]:
    return tuple(side.dim_value for side in kind.tensor_type.shape.dim)


def _numbers(node: onnx.NodeProto, attribute: str) -> tuple[int, ...]:
    return tuple(value for each in node.attribute if each.name == attribute for value in each.ints)


def _work(node: onnx.NodeProto, types: Types) -> int:
    """Return about how many multiplications a step takes."""
    made = _size(types[node.output[0]])
    first, second = ([_shape(types[name]) for name in node.input if name] + [(), ()])[:2]
    match node.op_type:
        case "MatMul":
            return made * prod(first[-1:])
        case "Gemm":
            return made * prod(second) // max(1, _shape(types[node.output[0]])[-1])
        case "Conv":
            return made * prod(second[1:])
        case "ConvTranspose":
            return prod(first) * prod(second[1:])
        case "AveragePool" | "MaxPool":
            return made * prod(_numbers(node, "kernel_shape")) * _PASS
        case "NonMaxSuppression":
            return prod(second) * MOST_CHOSEN
    seen = sum(_size(types[name]) for name in (*node.input, *node.output) if name)
    return seen * (_SLOW_PASS if node.op_type in _SLOW else _PASS)
