"""`edgeinspect up`: what dies is started again, and nothing is left behind."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import psutil
import pytest
from processes import refusal, settings_file, wait_for_port

WAIT_S = 20.0


@pytest.fixture
def box(
    tmp_path: Path, free_port: Callable[[], int], sample: Path, washer_model: Path
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A box that runs everything, and the port of its page."""
    port = free_port()
    config = settings_file(
        tmp_path,
        f'[mqtt]\nport = {free_port()}\n[server]\nport = {port}\n[station]\n'
        f'camera = "folder:{sample / "test"}?rate=5&loop=true"\nmodel = "{washer_model}"\n',
    )  # fmt: skip
    command = (sys.executable, "-m", "edgeinspect.cli.main", "up")
    process = subprocess.Popen(
        (*command, "--config", config, "--data", tmp_path), stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for_port(port)
        yield process, port
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def test_a_dead_server_is_started_again(box: tuple[subprocess.Popen[str], int]) -> None:
    process, port = box
    (server,) = (each for each in _children(process) if "server" in each.cmdline())
    server.kill()
    assert process.stderr is not None
    said = next(line for line in process.stderr if "server was ended" in line)
    assert "SIGKILL" in said
    assert "starting it again" in said
    wait_for_port(port)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_child_outlives_the_supervisor(
    box: tuple[subprocess.Popen[str], int], number: signal.Signals
) -> None:
    process, _ = box
    children = _children(process)
    assert len(children) == 3
    process.send_signal(number)
    process.wait(WAIT_S)
    _, alive = psutil.wait_procs(children, timeout=WAIT_S)
    assert not alive


def test_children_end_with_a_supervisor_that_dies_while_they_start(
    tmp_path: Path, free_port: Callable[[], int]
) -> None:
    text = f"[mqtt]\nport = {free_port()}\n[server]\nport = {free_port()}\n"
    config = settings_file(tmp_path, f"{text}[station]\nenabled = false\n")
    command = (sys.executable, "-m", "edgeinspect.cli.main", "up")
    process = subprocess.Popen(
        (*command, "--config", config, "--data", tmp_path), stderr=subprocess.DEVNULL
    )
    pause = Event()
    while not (children := psutil.Process(process.pid).children()):
        assert process.poll() is None
        pause.wait(0.01)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(children, timeout=WAIT_S)
    assert not alive


def _children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return list(psutil.Process(process.pid).children())


def test_a_station_that_can_never_run_is_refused_at_the_door(tmp_path: Path) -> None:
    config = settings_file(tmp_path, "[station]\ncamera = 'folder:/images'\n")
    assert "no model" in refusal("up", "--config", config)
    config = settings_file(tmp_path, "[station]\ncamera = '/images'\nmodel = 'a.onnx'\n")
    assert "folder:" in refusal("up", "--config", config)
