"""Which program may run a model's graph on this box."""

from enum import StrEnum


class Runtime(StrEnum):
    """A runtime by name, or the faster of those that prove the model on this box."""

    AUTO = "auto"
    ONNXRUNTIME = "onnxruntime"
    OPENVINO = "openvino"
