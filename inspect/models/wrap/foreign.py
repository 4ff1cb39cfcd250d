"""Reads an ONNX file that someone else's program exported, and makes it plain.

Plain: one frame at a time, all sizes fixed, what follows from constants alone computed, every
weight kept as raw bytes. onnxruntime does the computing, at its level of basic rewrites, which
yields standard operators only.
"""

import tempfile
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from google.protobuf.message import DecodeError
from onnx import TensorProto, numpy_helper

from ...core.errors import ModelError
from ...core.regular_file import read_regular_file
from ..runtime import FAILURES, first_line
from .opset import to_known_opset

MAX_BYTES = 500_000_000
SIZES_INPUT = "orig_target_sizes"
"""RT-DETR's second input: the size to scale boxes to, width and height."""


@dataclass(frozen=True, slots=True)
class ForeignGraph:
    """A plain network: `input` is float32 (1, 3, height_px, width_px); shapes of its outputs."""

    model: onnx.ModelProto
    input: str
    width_px: int
    height_px: int
    outputs: dict[str, tuple[int, ...]]
    opset: int

    def joins(self, parts: int) -> bool:
        """Say whether the first output is joined of so many parts."""
        name = next(iter(self.outputs))
        makers = (node for node in self.model.graph.node if name in node.output)
        return any(node.op_type == "Concat" and len(node.input) == parts for node in makers)


def read_foreign(path: Path, side_px: int | None = None) -> ForeignGraph:
    """Read the network at `path`; `side_px` is its input's size where the file leaves it open.

    Raises ModelError, naming what cannot be used.
    """
    model = _parsed(path)
    try:
        model = to_known_opset(model)
        _fix_sizes(model, side_px)
        return _described(*_folded(model))
    except ModelError as error:
        raise ModelError(f"{path}: {error}.") from None


def _parsed(path: Path) -> onnx.ModelProto:
    try:
        content = read_regular_file(path, MAX_BYTES + 1)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); check the file.") from None
    if len(content) > MAX_BYTES:
        raise ModelError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB; export a smaller one.")
    try:
        model = onnx.load_model_from_string(content)
    except DecodeError:
        raise ModelError(f"{path}: cut short or no ONNX file; export it again.") from None
    if not model.graph.node:
        raise ModelError(f"{path}: cut short or no ONNX file; export it again.")
    if any(tensor.external_data for tensor in model.graph.initializer):
        raise ModelError(f"{path}: keeps weights in another file; export it as one file.")
    del model.metadata_props[:]
    return model


def _fix_sizes(model: onnx.ModelProto, side_px: int | None) -> None:
    """Set one frame of a fixed size; what the file claims of later sizes is dropped."""
    constants = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in constants]
    sizes = [value for value in inputs if value.name == SIZES_INPUT]
    images = [value for value in inputs if value.name != SIZES_INPUT]
    if len(images) != 1:
        names = ", ".join(value.name for value in inputs)
        raise ModelError(f"takes {len(inputs)} inputs ({names}), not one image; export it anew")
    image = images[0].type.tensor_type
    dims = image.shape.dim
    if image.elem_type != TensorProto.FLOAT or len(dims) != 4:
        raise ModelError("does not take float32 (1, 3, height, width); export it so")
    wanted = (1, 3, _side(dims[2], side_px), _side(dims[3], side_px))
    for dim, size in zip(dims, wanted, strict=True):
        if dim.dim_value not in (0, size):
            raise ModelError(f"takes {_said(dims)}, not one colour image; export it for one")
        dim.Clear()
        dim.dim_value = size
    for value in sizes:
        model.graph.initializer.append(_target_size(value, wanted))
        model.graph.input.remove(value)
    del model.graph.value_info[:]
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")


def _side(dim: onnx.TensorShapeProto.Dimension, side_px: int | None) -> int:
    if dim.dim_value:
        return int(dim.dim_value)
    if side_px is None:
        raise ModelError("leaves the size of its input open; say it with --size 640")
    return side_px


def _said(dims: object) -> str:
    return "x".join(str(dim.dim_value or "?") for dim in dims)  # type: ignore[attr-defined]


def _target_size(value: onnx.ValueInfoProto, wanted: tuple[int, ...]) -> onnx.TensorProto:
    kind = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
    return numpy_helper.from_array(np.array([[wanted[3], wanted[2]]], kind), value.name)


def _folded(model: onnx.ModelProto) -> tuple[onnx.ModelProto, dict[str, tuple[int, ...]]]:
    """Return the network with its constants computed, and the shapes that it answers in."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    with tempfile.TemporaryDirectory() as folder:
        options.optimized_model_filepath = str(Path(folder) / "plain.onnx")
        try:
            session = onnxruntime.InferenceSession(
                model.SerializeToString(), options, ["CPUExecutionProvider"]
            )
            (image,) = session.get_inputs()
            answers = session.run(None, {image.name: np.zeros(image.shape, np.float32)})
        except FAILURES as error:
            raise ModelError(f"cannot be run ({first_line(error)})") from None
        names = [value.name for value in session.get_outputs()]
        shapes = {name: tuple(each.shape) for name, each in zip(names, answers, strict=True)}
        return onnx.load(options.optimized_model_filepath), shapes


def _described(model: onnx.ModelProto, shapes: dict[str, tuple[int, ...]]) -> ForeignGraph:
    for name, shape in shapes.items():
        if not shape or prod(shape) == 0:
            raise ModelError(f"answers '{name}' {shape}, which holds nothing; export it again")
    image = model.graph.input[0]
    height, width = (dim.dim_value for dim in image.type.tensor_type.shape.dim[2:])
    opset = next(each.version for each in model.opset_import if each.domain in ("", "ai.onnx"))
    return ForeignGraph(model, image.name, width, height, shapes, opset)
