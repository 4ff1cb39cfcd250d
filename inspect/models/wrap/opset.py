"""Brings a network to a version of the ONNX operators that this product knows."""

import onnx
from onnx import version_converter

from ...core.errors import ModelError

OLDEST, NEWEST, TARGET = 13, 22, 17
_STANDARD = ("", "ai.onnx")


def to_known_opset(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model, converted where its operators are older or newer than those known.

    Raises ModelError when it needs operators of someone's own, or cannot be converted.
    """
    used = {node.domain for node in model.graph.node} - set(_STANDARD)
    if used or model.functions:
        names = ", ".join(sorted(used)) or "functions of its own"
        raise ModelError(f"needs operators that are not ONNX's ({names}); export it without them")
    if any(attribute.HasField("g") for node in model.graph.node for attribute in node.attribute):
        raise ModelError("branches or loops; export it without")
    versions = [each.version for each in model.opset_import if each.domain in _STANDARD]
    if not versions:
        raise ModelError("does not say which ONNX operators it needs; export it again")
    if OLDEST <= versions[0] <= NEWEST:
        return model
    try:
        return version_converter.convert_version(model, TARGET)
    except (RuntimeError, ValueError):
        raise ModelError(
            f"needs version {versions[0]} of the ONNX operators; export it with {TARGET}"
        ) from None
