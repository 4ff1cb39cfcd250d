"""What a graph would cost in memory and time, told from the sizes of its steps."""

from math import prod

import onnx

from ..core.errors import ModelError

MOST_NUMBERS = 2**24
"""In any one step of the graph; the largest of ours holds a tenth of it."""
MOST_NUMBERS_IN_ALL = 3 * 2**24
"""In all steps together; ours hold 21 million."""
MOST_WORK = 2**31
"""Multiplications of one run, about half a second of a small box; ours takes 488 million."""
MOST_DIMENSIONS = 8
MOST_SHAPE_NUMBERS = 1024
"""In a constant that may tell the size of a step."""

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
    outline = _outline(model)
    try:
        inferred = onnx.shape_inference.infer_shapes(
            outline, strict_mode=True, data_prop=True
        ).graph
    except onnx.shape_inference.InferenceError:
        raise ModelError("has steps whose sizes do not fit together") from None
    shapes = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    for value in (*inferred.input, *inferred.value_info, *inferred.output):
        shapes[value.name] = tuple(dim.dim_value for dim in value.type.tensor_type.shape.dim)
    return shapes


def _outline(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return what tells the sizes: steps, input, shapes of weights, and the numbers of short ones.

    What the model claims of its answers' sizes is left out, and so is what would be copied often.
    """
    outline = onnx.ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    outline.graph.node.extend(model.graph.node)
    outline.graph.input.extend(model.graph.input)
    for value in model.graph.output:
        tensor_type = onnx.TypeProto.Tensor(elem_type=value.type.tensor_type.elem_type)
        outline.graph.output.add(name=value.name, type=onnx.TypeProto(tensor_type=tensor_type))
    for tensor in model.graph.initializer:
        if prod(tensor.dims) <= MOST_SHAPE_NUMBERS:
            outline.graph.initializer.append(tensor)
        else:
            outline.graph.initializer.add(
                name=tensor.name, dims=tensor.dims, data_type=tensor.data_type
            )
    return outline


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
