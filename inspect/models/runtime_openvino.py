"""OpenVINO, which an extra installs, as what runs a graph."""

import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

from ..core.errors import ModelError
from ..core.frame import Image
from .answer import OUTPUTS, Answer

if TYPE_CHECKING:
    import openvino


@dataclass(frozen=True, slots=True)
class OpenvinoSession:
    """A graph in OpenVINO on the CPU; for one thread at a time."""

    request: "openvino.InferRequest"
    answers: tuple[str, ...]
    runtime: str

    def run(self, pixels: Image) -> Answer:
        """Return the answer. Raises ModelError when the graph cannot be run."""
        try:
            outputs = self.request.infer([pixels], share_inputs=True)
        except RuntimeError as error:
            raise ModelError(f"the model cannot be run ({_gist(error)})") from None
        return Answer.of({name: outputs[place] for place, name in enumerate(self.answers)})


def is_installed() -> bool:
    """Say whether the extra is installed."""
    return find_spec("openvino") is not None


def open_in_openvino(graph: bytes, threads: int) -> OpenvinoSession:
    """Open `graph` on `threads` CPU threads. Raises ModelError when it cannot be opened.

    The threads are not pinned to cores, where camera and publisher would have to give way to
    them; they sleep between frames. Numbers that were not rounded beforehand stay float32:
    processors that have bfloat16 would use it otherwise, and answer otherwise.
    """
    openvino = imported()
    options = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads,
        "ENABLE_CPU_PINNING": False,
        "INFERENCE_PRECISION_HINT": "f32",
    }
    try:
        core = openvino.Core()
        compiled = core.compile_model(core.read_model(graph), "CPU", options)
    except RuntimeError as error:
        raise ModelError(f"the model cannot be opened ({_gist(error)})") from None
    answers = tuple(_answer(output.names) for output in compiled.outputs)
    version = openvino.__version__.partition("-")[0]
    return OpenvinoSession(compiled.create_infer_request(), answers, f"openvino {version}")


def _answer(names: set[str]) -> str:
    """Return what an output answers: a tensor has the names of all steps that hand it on."""
    return next((name for name in OUTPUTS if name in names), min(names, default=""))


def imported() -> ModuleType:
    """Import OpenVINO without the package that reports its use to its maker.

    Importing OpenVINO imports it, starts its thread and sends; where it cannot be imported
    OpenVINO takes a stub of its own instead.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    return import_module("openvino")


def _gist(error: Exception) -> str:
    """Return what an error says in one line; OpenVINO tells first where in its source it arose."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:200] if lines else type(error).__name__
