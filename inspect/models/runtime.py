"""What runs a graph on this box."""

from dataclasses import dataclass
from typing import Protocol

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as states

from ..core.errors import ModelError
from ..core.frame import Image
from .answer import Answer

FAILURES = (
    states.Fail,
    states.InvalidArgument,
    states.InvalidGraph,
    states.NotImplemented,
    states.RuntimeException,
    states.InvalidProtobuf,
)
"""All that onnxruntime raises."""

AWAKE_US = 100
"""How long a thread waits awake for the next step. Longer was seen to save little more on an idle
box, and to double the time of a frame on one whose cores are taken."""


class Session(Protocol):
    """A graph ready to run."""

    @property
    def runtime(self) -> str:
        """Name and version of what runs it."""
        ...

    def run(self, pixels: Image) -> Answer:
        """Return the answer to uint8 (height, width, 3) pixels of the input size.

        Raises ModelError when the graph cannot be run.
        """
        ...


@dataclass(frozen=True, slots=True)
class OnnxruntimeSession:
    """A graph in onnxruntime on the CPU."""

    session: onnxruntime.InferenceSession
    answers: tuple[str, ...]
    runtime: str = f"onnxruntime {onnxruntime.__version__}"

    def run(self, pixels: Image) -> Answer:
        """Return the answer. Raises ModelError when the graph cannot be run."""
        try:
            outputs = self.session.run(self.answers, {"frame": pixels})
        except FAILURES as error:
            raise ModelError(f"the model cannot be run ({first_line(error)})") from None
        return Answer.of(dict(zip(self.answers, outputs, strict=True)))


def open_session(graph: bytes, threads: int) -> Session:
    """Open `graph` on `threads` CPU threads. Raises ModelError when it cannot be opened."""
    try:
        session = inference_session(graph, threads)
    except FAILURES as error:
        raise ModelError(f"the model cannot be opened ({first_line(error)})") from None
    return OnnxruntimeSession(session, tuple(output.name for output in session.get_outputs()))


def inference_session(graph: bytes, threads: int) -> onnxruntime.InferenceSession:
    """Open `graph` in onnxruntime on `threads` CPU threads that sleep between frames.

    By default they spin while they wait: on a box of two cores that takes the camera's and the
    publisher's time. Within a frame a step is often done in less than it takes to wake a thread,
    so there they wait awake, for `AWAKE_US`.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.spin_duration_us", str(AWAKE_US))
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return onnxruntime.InferenceSession(graph, options, ["CPUExecutionProvider"])


def first_line(error: Exception) -> str:
    """Return the beginning of what the runtime said."""
    return str(error).split("\n", 1)[0][:200]
