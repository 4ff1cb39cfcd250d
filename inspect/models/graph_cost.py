"""What a graph would cost in memory and time, told from the sizes of its steps."""

from math import prod

import onnx

from ..core.errors import ModelError

MOST_NUMBERS = 2**27
"""In any one step of the graph; ours hold 4 million, and 100 million in an input of 2048 pixels."""
MOST_NUMBERS_IN_ALL = 2**31
"""In all steps together, of which few are held at a time; ours hold 60 to 1,500 million."""
MOST_WORK = 2**35
"""Multiplications of one run, about two seconds of a small box; ours take 1 to 20 thousand
million."""
MOST_DIMENSIONS = 8

_SUMMED = {"MatMul": (0, slice(-1, None)), "Conv": (1, slice(1, None))}
"""Which sides of which input every number of the output is summed over."""

Shapes = dict[str, tuple[int, ...]]


def check_cost(model: onnx.ModelProto) -> None:
    """Raise ModelError for a graph whose steps have no fixed size, or that would fill the memory
    or hold the line up.
    """
    shapes = _shapes(model)
    made = [name for node in model.graph.node for name in node.output]
    for name in made:
        if not 0 < _size(shapes, name) <= MOST_NUMBERS:
            raise ModelError(f"has a step of unknown or huge size ('{name[:64]}')")
    taken = [value.name for value in model.graph.input]
    if sum(_size(shapes, name) for name in (*taken, *made)) > MOST_NUMBERS_IN_ALL:
        raise ModelError("needs more memory than any model here does")
    if sum(_work(node, shapes) for node in model.graph.node) > MOST_WORK:
        raise ModelError("needs more time than any model here does")


def _shapes(model: onnx.ModelProto) -> Shapes:
    """Return the shape of every tensor; () for one whose shape is not fixed."""
    if model.graph.value_info:
        raise ModelError("claims the sizes of its own steps")
    try:
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph
    except onnx.shape_inference.InferenceError:
        raise ModelError("has steps whose sizes do not fit together") from None
    shapes = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    for value in (*inferred.input, *inferred.value_info, *inferred.output):
        shapes[value.name] = tuple(dim.dim_value for dim in value.type.tensor_type.shape.dim)
    return shapes


def _size(shapes: Shapes, name: str) -> int:
    """Return how many numbers a tensor holds; 0 when that is not fixed or has no sense."""
    shape = shapes.get(name)
    if shape is None or len(shape) > MOST_DIMENSIONS or min(shape, default=1) < 1:
        return 0
    return prod(shape)


def _work(node: onnx.NodeProto, shapes: Shapes) -> int:
    """Return about how many multiplications a step takes."""
    if node.op_type in _SUMMED:
        place, sides = _SUMMED[node.op_type]
        each = [prod(shapes.get(name, ())[sides]) for name in node.input[place : place + 1]]
        return _size(shapes, node.output[0]) * sum(each)
    return sum(_size(shapes, name) for name in (*node.input, *node.output))
