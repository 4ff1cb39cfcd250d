"""The runtimes themselves: onnxruntime with nothing around it, OpenVINO told how to count."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

Run = Callable[[NDArray[Any]], dict[str, NDArray[Any]]]


def in_onnxruntime(path: Path, threads: int) -> Run:
    """Open an ONNX file of one input; it answers with its outputs by their names."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
    source = session.get_inputs()[0].name
    names = [output.name for output in session.get_outputs()]
    return lambda values: dict(zip(names, session.run(names, {source: values}), strict=True))


def keep_openvino_to_float32() -> str:
    """Let whatever is compiled from now on in this process count in float32; return its runtime.

    By itself OpenVINO takes bfloat16 where the processor has it.
    """
    from openvino import Core

    compile_model = Core.compile_model

    def compile_in_float32(
        core: Any, model: Any, device_name: Any = None, config: Any = None, **more: Any
    ) -> Any:
        config = {**(config or {}), "INFERENCE_PRECISION_HINT": "f32"}
        return compile_model(core, model, device_name, config, **more)

    Core.compile_model = compile_in_float32
    return "openvino"
