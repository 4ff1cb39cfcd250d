"""What a graph would cost in memory and time, told from the sizes of its steps."""

from math import prod

import onnx
from onnx import TensorProto, helper, numpy_helper

from ..core.errors import ModelError
from .family import Family

MOST_DIMENSIONS = 8
MOST_SHAPE_NUMBERS = 1024
"""In a constant that may tell the size of a step."""
MOST_CHOSEN = 1000
"""Boxes that may be chosen among overlapping ones."""

Shapes = dict[str, tuple[int, ...]]


def check_cost(model: onnx.ModelProto, family: Family) -> None:
    """Raise ModelError for a graph whose steps have no fixed size, or that would fill the memory
    or hold the line up.
    """
    shapes = _shapes(model)
    _check_choices(model.graph, shapes)
    made = [name for node in model.graph.node for name in node.output]
    for name in made:
        if not 0 < _size(shapes, name) <= family.most_numbers:
            raise ModelError(f"has a step of unknown or huge size ('{name[:64]}')")
    taken = [value.name for value in model.graph.input]
    if sum(_size(shapes, name) for name in (*taken, *made)) > family.most_numbers_in_all:
        raise ModelError("needs more memory than any model of its kind")
    if sum(_work(node, shapes) for node in model.graph.node) > family.most_work:
        raise ModelError("needs more time than any model of its kind")


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
    A choice of boxes, whose size follows from the picture, stands as large as it can get.
    """
    outline = onnx.ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
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
    for node in model.graph.node:
        if node.op_type == "NonMaxSuppression":
            outline.graph.input.append(_largest_choice(node, model.graph))
        else:
            outline.graph.node.append(node)
    return outline


def _largest_choice(node: onnx.NodeProto, graph: onnx.GraphProto) -> onnx.ValueInfoProto:
    """Return the most boxes that a step may choose, of one picture and one class."""
    constants = {tensor.name: tensor for tensor in graph.initializer}
    limit = constants.get(node.input[2]) if len(node.input) > 2 else None
    if limit is None or limit.data_type != TensorProto.INT64 or prod(limit.dims) != 1:
        raise ModelError("chooses boxes without a limit")
    most = int(numpy_helper.to_array(limit).ravel()[0])
    if not 0 < most <= MOST_CHOSEN:
        raise ModelError(f"chooses more than {MOST_CHOSEN} boxes")
    return helper.make_tensor_value_info(node.output[0], TensorProto.INT64, [most, 3])


def _check_choices(graph: onnx.GraphProto, shapes: Shapes) -> None:
    """The limit of a choice is one for each picture and class: there must be one of both."""
    for node in graph.node:
        if node.op_type == "NonMaxSuppression" and shapes.get(node.input[1], ())[:2] != (1, 1):
            raise ModelError("chooses boxes of several pictures or classes at once")


def _size(shapes: Shapes, name: str) -> int:
    """Return how many numbers a tensor holds; 0 when that is not fixed or has no sense."""
    shape = shapes.get(name)
    if shape is None or len(shape) > MOST_DIMENSIONS or min(shape, default=1) < 1:
        return 0
    return prod(shape)


def _work(node: onnx.NodeProto, shapes: Shapes) -> int:
    """Return about how many multiplications a step takes."""
    made = _size(shapes, node.output[0])
    first, second = ([shapes.get(name, ()) for name in node.input] + [(), ()])[:2]
    match node.op_type:
        case "MatMul":
            return made * prod(first[-1:])
        case "Gemm":
            return made * prod(second) // max(1, prod(shapes[node.output[0]][-1:]))
        case "Conv":
            return made * prod(second[1:])
        case "ConvTranspose":
            return _size(shapes, node.input[0]) * prod(second[1:])
        case "NonMaxSuppression":
            return prod(second) * MOST_CHOSEN
    return sum(_size(shapes, name) for name in (*node.input, *node.output))
