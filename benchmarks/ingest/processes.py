"""The real processes: broker, server, PostgreSQL; and what each takes of the machine."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds of the processor since the start, and resident memory in MB."""

    cpu_s: float
    memory_mb: float

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """Return what a process and its children take."""
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        times = [one.cpu_times() for one in family]
        memory = [one.memory_info() for one in family]
        private = sum(one.rss - one.shared for one in memory) + max(one.shared for one in memory)
        return cls(sum(one.user + one.system for one in times), private / 1e6)


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(command: str, folder: Path, port: int) -> Iterator[int]:
    """Run `edgeinspect COMMAND` with the settings in `folder`; give its pid when it answers.

    What it logs lies in the folder.
    """
    options = ("--config", str(folder / "edgeinspect.toml"), "--data", str(folder))
    with (folder / f"{command}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "edgeinspect.cli.main", command, *options], stderr=log
        )
    try:
        wait_for_port(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(WITHIN_S)


def wait_for_port(port: int) -> None:
    """Wait until something listens on a loopback port."""
    until_s = monotonic() + WITHIN_S
    while monotonic() < until_s:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


def module(name: str, *arguments: object) -> "subprocess.Popen[str]":
    """Start a program of this benchmark, whose output can be read."""
    command = [sys.executable, "-m", f"benchmarks.ingest.{name}", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def said(process: "subprocess.Popen[str]", within_s: float = 300.0) -> Any:
    """Return what a program of this benchmark prints at its end."""
    try:
        output, _ = process.communicate(timeout=within_s)
    finally:
        process.kill()
    if process.returncode:
        raise RuntimeError(f"{process.args!r} failed")
    return json.loads(output)


@contextmanager
def postgres() -> Iterator[tuple[Any, int]]:
    """Run PostgreSQL as the tests do, but with its commits on the disk; give its leader's pid."""
    sys.path.insert(0, str(ROOT / "tests"))
    from postgres import running_postgres

    port = free_port()
    with running_postgres(port, fsync=True) as server:
        yield server, _listener(port)


def _listener(port: int) -> int:
    for connection in psutil.net_connections("tcp4"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
            return int(connection.pid or os.getpid())
    raise LookupError(f"nobody listens on port {port}")
