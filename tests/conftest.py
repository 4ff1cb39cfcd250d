"""What every test has: real things to start, and a guard against what tests leave behind."""

import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np
import pytest
from hypothesis import settings
from processes import edgeinspect, running, settings_file, wait_for_port
from required import missing

from edgeinspect.core.clock import utc_now
from edgeinspect.core.frame import Image
from edgeinspect.core.identity import new_id
from edgeinspect.core.inspection import Inspection
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.verdict import Verdict
from edgeinspect.settings.tree import MqttSettings

ENDING_S = 2.0
ROOT = Path(__file__).resolve().parents[1]

# Tests that import onnxruntime by themselves shall not have it report its use, either.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# How long an example takes is a timing: no test fails because the machine is busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# What is compiled is kept, here and in the processes that tests start, hundreds of times.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A shell has its background jobs ignore Ctrl-C, and what is ignored is inherited: the tests that
# send it to a child would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module", autouse=True)
def what_is_loaded_is_not_garbage() -> None:
    """Spare what was there before a file's tests the search for garbage after each of them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread running or a file or socket open."""
    threads, handles = set(threading.enumerate()), _open_handles()
    yield
    gc.collect()
    new = [thread for thread in threading.enumerate() if thread not in threads]
    for thread in new:  # one that was told to end may need a moment for it
        thread.join(ENDING_S)
    left = [thread.name for thread in new if thread.is_alive()]
    assert not left, f"threads left running: {left}"
    deadline, pause = time.monotonic() + ENDING_S, threading.Event()
    while (more := _new_handles(handles)) and time.monotonic() < deadline:
        pause.wait(0.02)  # a loop in another thread closes its sockets at its next turn
    assert not more, f"files or sockets left open: {more}"


def _new_handles(known: list[str]) -> list[str]:
    return [name for name in _open_handles() if name not in known]


def _open_handles() -> list[str]:
    names = []
    for handle in Path("/proc/self/fd").iterdir():
        try:
            name = str(handle.readlink())
        except OSError:
            continue
        if name.startswith(("socket:", "/")) and not name.startswith(("/dev", "/proc")):
            names.append(name)
    return names


@pytest.fixture(scope="session")
def real_images() -> Path:
    """The folder of real defect images, named by EDGEINSPECT_DATA."""
    folder = os.environ.get("EDGEINSPECT_DATA")
    if not folder:
        missing("set EDGEINSPECT_DATA to the folder of real images")
    return Path(str(folder)).resolve()


@pytest.fixture(scope="session")
def sample() -> Path:
    """The committed sample."""
    return ROOT / "datasets" / "sample"


@pytest.fixture(scope="session")
def washer_model(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model taught from the sample's good parts."""
    path = tmp_path_factory.mktemp("model") / "washer.onnx"
    edgeinspect("teach", sample, "-o", path)
    return path


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Give a loopback port that nobody listens on."""

    def find() -> int:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            return int(listener.getsockname()[1])

    return find


@pytest.fixture(scope="module")
def broker(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]
) -> Iterator[MqttSettings]:
    """A running embedded broker, shared by the tests of a file alone: brokers remember."""
    port = free_port()
    config = settings_file(tmp_path_factory.mktemp("broker"), f"[mqtt]\nport = {port}\n")
    with running("broker", "--config", str(config), "--data", str(config.parent)):
        wait_for_port(port)
        yield MqttSettings(port=port)


@pytest.fixture
def make_inspection() -> Callable[..., Inspection]:
    """Make a valid inspection; every field can be replaced."""
    boot = uuid4()

    def make(sequence: int = 1, **fields: object) -> Inspection:
        defaults: dict[str, object] = {
            "id": new_id(),
            "site": "site",
            "line": "line-1",
            "station": "station-1",
            "boot": boot,
            "sequence": sequence,
            "captured_at": utc_now(),
            "part_id": f"part-{sequence}",
            "recipe": Recipe().ref,
            "verdict": Verdict.REVIEW,
        }
        return Inspection.model_validate(defaults | fields)

    return make


@pytest.fixture
def picture() -> Image:
    """A small coloured picture."""
    return np.random.default_rng(1).integers(0, 255, (48, 64, 3), dtype=np.uint8)


@pytest.fixture
def image_folder(tmp_path: Path, picture: Image) -> Path:
    """A folder of four images."""
    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(4):
        cv2.imwrite(str(folder / f"{number}.png"), picture)
    return folder
