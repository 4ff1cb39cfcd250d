"""Real processes of the product, started and ended by tests."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `edgeinspect` with these arguments, and end it afterwards."""
    process = subprocess.Popen([sys.executable, "-m", "edgeinspect.cli.main", *arguments])
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def wait_for_port(port: int, within_s: float = 20.0) -> None:
    """Wait until something listens on a loopback port."""
    deadline = monotonic() + within_s
    pause = threading.Event()
    while monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        pause.wait(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


def settings_file(folder: Path, text: str) -> Path:
    """Write a settings file."""
    path = folder / "edgeinspect.toml"
    path.write_text(text, encoding="utf-8")
    return path


def edgeinspect(*arguments: object, timeout_s: float = 120.0) -> str:
    """Run `edgeinspect` to its end and return what it wrote to standard output.

    Raises CalledProcessError, with what it wrote to standard error, when it fails.
    """
    done = subprocess.run(
        [sys.executable, "-m", "edgeinspect.cli.main", *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
        timeout=timeout_s,
    )
    return done.stdout


def refusal(*arguments: object) -> str:
    """Run `edgeinspect`, which must refuse, and return its one sentence."""
    try:
        edgeinspect(*arguments)
    except subprocess.CalledProcessError as error:
        lines = str(error.stderr).strip().splitlines()
        assert "Traceback" not in error.stderr
        return lines[-1]
    raise AssertionError(f"edgeinspect {arguments} was not refused")
