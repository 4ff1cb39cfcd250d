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
