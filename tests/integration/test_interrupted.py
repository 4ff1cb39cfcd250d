"""Ctrl-C, wherever it comes: one line and the exit status that shells know."""

import subprocess
import sys
from pathlib import Path

import pytest

# Sends this process Ctrl-C when the module that is named first is about to be imported.
AT_IMPORT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
wanted = sys.argv.pop(1)
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == wanted:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
from edgeinspect.cli.main import main
main()
"""

# A compiled module that Ctrl-C meets in its import may raise an ImportError because of it.
FAILED_IMPORT = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            raise ImportError("initialization failed") from KeyboardInterrupt()
sys.meta_path.insert(0, Finder())
from edgeinspect.cli.main import main
main()
"""


@pytest.mark.parametrize(
    "module",
    ["typer", "edgeinspect.cli.commands.model", "edgeinspect.models.teach.teach", "onnxruntime"],
)
def test_ctrl_c_in_an_import_is_one_line(module: str, sample: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", AT_IMPORT, module, "teach", sample, "-o", tmp_path / "x.onnx"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr.splitlines()[-1:]) == (130, ["stopped."])
    assert "Traceback" not in done.stderr
    assert not any(tmp_path.iterdir())


def test_what_ctrl_c_made_of_an_import_is_one_line() -> None:
    command = [sys.executable, "-c", FAILED_IMPORT]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (130, "stopped.\n")
