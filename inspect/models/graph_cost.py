"""What a graph would cost in memory and time, told from the sizes of its steps."""

from math import prod

import onnx
from onnx import shape_inference
from onnx.checker import ValidationError
from onnx.defs import SchemaError

from ..core.errors import ModelError

MOST_NUMBERS = 2**24
"""In any one step of the graph; the largest of ours holds a tenth of it."""
MOST_NUMBERS_IN_ALL = 3 * 2**24
"""In all steps together; ours hold 21 million."""
MOST_WORK = 2**31
"""Multiplications of one run, about half a second of a small box; ours takes 488 million."""
MOST_DIMENSIONS = 8
MOST_SHAPE_NUMBERS = 64
"""In a constant that may tell the size of a step."""

_MISFITS = (
    *(shape_inference.InferenceError, SchemaError, ValidationError),
    *(IndexError, MemoryError, OverflowError, RuntimeError, TypeError, ValueError),
)
"""What onnx raises for a step that makes no sense: its own errors, and those of C++."""
_SUMMED = {"MatMul": (0, slice(-1, None)), "Conv": (1, slice(1, None))}
"""Which sides of which input every number of the output is summed over."""

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
    numbers, work = sum(_size(value.type) for value in graph.input), 0
    for node in graph.node:
        types |= _made(node, types, short, model.opset_import[0].version)
        numbers += sum(_checked_size(types, name) for name in node.output if name)
        work += _work(node, types)
        if numbers > MOST_NUMBERS_IN_ALL:
            raise ModelError("needs more memory than any model here does")
        if work > MOST_WORK:
            raise ModelError("needs more time than any model here does")


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
    taken = {name: types[name] for name in node.input if name}
    numbers = {name: constants[name] for name in taken if name in constants}
    try:
        schema = onnx.defs.get_schema(node.op_type, version, "")
        return shape_inference.infer_node_outputs(
            schema, node, taken, numbers, opset_imports=[onnx.helper.make_opsetid("", version)]
        )
    except _MISFITS:
        raise ModelError("has steps whose sizes do not fit together") from None


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


def _work(node: onnx.NodeProto, types: Types) -> int:
    """Return about how many multiplications a step takes."""
    if node.op_type in _SUMMED:
        place, sides = _SUMMED[node.op_type]
        each = prod(_shape(types[node.input[place]])[sides])
        return _size(types[node.output[0]]) * each
    return sum(_size(types[name]) for name in (*node.input, *node.output) if name)
