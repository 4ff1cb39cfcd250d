import logging
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from required import missing

from edgeinspect.core.errors import RuntimeMissingError
from edgeinspect.core.frame import Image
from edgeinspect.core.runtime import Runtime
from edgeinspect.models import runtime_choice
from edgeinspect.models.answer import Answer
from edgeinspect.models.file import read_model
from edgeinspect.models.judge import load_judge
from edgeinspect.models.runtime_choice import faster, proven_session
from edgeinspect.models.tolerance import TOLERANCES, Tolerance

PIXELS = np.zeros((16, 16, 3), np.uint8)


@dataclass
class Counting:
    """A session that does as much work as it is told to."""

    runtime: str
    work: int
    runs: list[int] = field(default_factory=list)

    def run(self, _pixels: Image) -> Answer:
        self.runs.append(sum(range(self.work)))
        return Answer(0.0)


def test_the_clearly_faster_one_is_taken() -> None:
    slow, quick = Counting("slow 1", 200_000), Counting("quick 1", 1000)
    assert faster([slow, quick], PIXELS) is quick
    assert faster([quick, slow], PIXELS) is quick


def test_they_take_turns() -> None:
    first, second = Counting("first 1", 1000), Counting("second 1", 1000)
    faster([first, second], PIXELS)
    assert len(first.runs) == len(second.runs) >= 8


def test_auto_is_onnxruntime_where_nothing_else_is_installed(
    ring_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime_choice, "is_installed", lambda: False)
    judge = load_judge(ring_model, threads=1, runtime=Runtime.AUTO)
    assert judge.ref.runtime.startswith("onnxruntime ")


def test_a_runtime_that_is_not_installed_is_one_sentence(
    ring_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime_choice, "is_installed", lambda: False)
    with pytest.raises(RuntimeMissingError, match=r"pip install edgeinspect\[openvino\]"):
        load_judge(ring_model, threads=1, runtime=Runtime.OPENVINO)


def test_auto_times_all_that_prove_the_model(
    ring_model: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if find_spec("openvino") is None:
        missing("openvino is not installed: pip install edgeinspect[openvino]")
    with caplog.at_level(logging.INFO):
        session = proven_session(read_model(ring_model), 1, Runtime.AUTO)
    (line,) = [record.getMessage() for record in caplog.records]
    assert "onnxruntime" in line
    assert "openvino" in line
    assert line.endswith(f"{session.runtime} is used")


def test_auto_leaves_out_what_does_not_prove_the_model(
    ring_model: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if find_spec("openvino") is None:
        missing("openvino is not installed: pip install edgeinspect[openvino]")
    monkeypatch.setitem(TOLERANCES, "openvino", Tolerance(0.0, 0.0, 0.0))
    judge = load_judge(ring_model, threads=1, runtime=Runtime.AUTO)
    assert judge.ref.runtime.startswith("onnxruntime ")
    assert "openvino is left aside for this model: its answer to reference" in caplog.text


def test_openvino_reports_to_nobody() -> None:
    """In a process of its own: imports last."""
    if find_spec("openvino") is None:
        missing("openvino is not installed: pip install edgeinspect[openvino]")
    script = (
        "import sys, threading\n"
        "from edgeinspect.models.runtime_openvino import imported\n"
        "imported().Core()\n"
        "print([name for name in sys.modules if name.startswith('openvino_telemetry.')])\n"
        "print([thread.name for thread in threading.enumerate()])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines() == ["[]", "['MainThread']"]
