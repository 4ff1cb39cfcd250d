"""A worker from outside: started, asked by lines, ended."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

WORKERS = Path(__file__).parents[1]


class WorkerError(Exception):
    """A worker died; says the last line that it left."""


class Worker:
    """A process of `peers.worker` in a peer's environment; to be used as a context."""

    def __init__(self, python: Path, folder: Path, arguments: Sequence[str]) -> None:
        self._log = folder / f"{arguments[0]}.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [python, "-m", "peers.worker", *arguments],
                cwd=folder,
                env=os.environ | {"PYTHONPATH": str(WORKERS), "PYTHONWARNINGS": "ignore"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, what: object) -> Any:
        """Send one line and return the answer to it. Raises WorkerError."""
        assert self._process.stdin is not None
        try:
            print(json.dumps(what), file=self._process.stdin, flush=True)
        except BrokenPipeError:
            raise WorkerError(self._last_words()) from None
        return self.answer()

    def answer(self) -> Any:
        """Wait for the next line. Raises WorkerError."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise WorkerError(self._last_words())
        return json.loads(line)

    def _last_words(self) -> str:
        code = self._process.wait()
        lines = [line for line in self._log.read_text().splitlines() if line.strip()]
        return f"{lines[-1].strip()[:300]}" if lines else f"it ended with {code}"
