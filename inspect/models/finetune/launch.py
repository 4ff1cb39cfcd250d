"""Starts the trainer in an interpreter that has it, and listens to it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ...core.errors import ModelError
from .plan import CODE, LOG

PYTHON = "EDGEINSPECT_FINETUNE_PYTHON"
END_GRACE_S = 5.0
_PACKAGE = Path(__file__).resolve().parents[2]

Event = dict[str, Any]


def trainer_python() -> Path:
    """Return the interpreter that has ultralytics: the one named, this one, or `.venv-finetune`'s.

    Raises ModelError when there is none.
    """
    named = os.environ.get(PYTHON)
    if named:
        if not os.access(named, os.X_OK):
            raise ModelError(f"{PYTHON}: {named} cannot be run; name a Python with ultralytics.")
        return Path(named)
    if find_spec("ultralytics") and find_spec("torch"):
        return Path(sys.executable)
    for folder in (Path.cwd(), _PACKAGE.parent):
        python = folder / ".venv-finetune" / "bin" / "python"
        if python.is_file():
            return python
    raise ModelError(
        "fine-tuning needs ultralytics (AGPL-3.0), which is not here: pip install "
        f"'edgeinspect[finetune]' in an environment of its own and name its Python in {PYTHON}."
    )


@contextmanager
def trainer(python: Path, folder: Path) -> Iterator[Iterator[Event]]:
    """Run the trainer on the plan in `folder`, and give its events; it ends with the block.

    Raises ModelError when it fails.
    """
    code = folder / CODE
    code.mkdir(exist_ok=True)
    link = code / "edgeinspect"
    link.unlink(missing_ok=True)
    # Our source alone, not what lies beside it: its environment has packages of its own.
    link.symlink_to(_PACKAGE)
    process = subprocess.Popen(
        [python, "-P", "-m", "edgeinspect.models.finetune.train", str(os.getpid()), folder],
        env={**os.environ, "PYTHONPATH": str(code.resolve())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for this process, which ends the other
        text=True,
    )
    with process:
        try:
            yield _events(process, folder)
        finally:
            _end(process)


def _events(process: subprocess.Popen[str], folder: Path) -> Iterator[Event]:
    assert process.stdout is not None
    assert process.stderr is not None
    for line in process.stdout:
        event: Event = json.loads(line)
        if event["event"] == "failed":
            raise ModelError(f"training failed: {event['sentence']} ({folder / LOG} says more).")
        yield event
    if process.wait() != 0:
        said = process.stderr.read().strip().splitlines()
        why = said[-1] if said else _ended(process.returncode)
        raise ModelError(f"training failed: {why} ({folder / LOG} says more).")


def _ended(status: int) -> str:
    if status == -signal.SIGKILL:
        return "the system ended it, most likely for want of memory; give a smaller --batch"
    return f"it ended with status {status}"


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(END_GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
