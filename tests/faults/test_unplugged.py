"""A camera unplugged and plugged in again, many times in a row: told, healed, nothing left over.

`EDGEINSPECT_UNPLUGS=50 pytest -s tests/faults/test_unplugged.py` is the long form.
"""

import gc
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from statistics import median
from threading import Event, Thread
from time import monotonic

import cv2
import numpy as np
import psutil
import pytest
from gige_cameras import PRODUCER, aravis_camera
from network_cameras import mjpeg_camera, rtsp_camera
from usb_box import Box

from edgeinspect.camera.condition import FINE, Condition
from edgeinspect.camera.live import LiveSource
from edgeinspect.camera.open import open_camera
from edgeinspect.camera.simulated import SimulatedCamera, SimulatedDriver
from edgeinspect.camera.usb import UsbCamera, UsbDriver
from edgeinspect.core.delivery import StationMode
from edgeinspect.core.errors import CameraError
from edgeinspect.core.frame import Frame

IS_LONG = "EDGEINSPECT_UNPLUGS" in os.environ
UNPLUGS = int(os.environ.get("EDGEINSPECT_UNPLUGS", "3"))
PATIENCE_S = 30.0
FAULT_WITHIN_S, BACK_WITHIN_S = 1.0, 3.0
PERIOD_S = 0.05
"""Between two frames: the first one that is missed comes so late after the camera went."""
SLACK = 1.0 if IS_LONG else 3.0
"""Where many tests run, everything takes longer."""
MOST_GROWTH = 16 * 2**20


class Unplugged:
    """A camera of one kind, plugged in, with somebody who takes its frames."""

    def __init__(self, open_it: Callable[[], LiveSource]) -> None:
        self._heard: Queue[tuple[float, Condition]] = Queue()
        self.source = open_it()
        self.source.watch(lambda condition: self._heard.put((monotonic(), condition)))
        self._reader = Thread(target=lambda: [None for _ in iter(self.source.read, None)])
        self._reader.start()

    def wait_until(self, fits: Callable[[Condition], bool]) -> float:
        """Return the moment from which on it was so."""
        while True:
            moment, condition = self._heard.get(timeout=PATIENCE_S)
            if fits(condition):
                return moment

    def close(self) -> None:
        self.source.close()
        self._reader.join()


Plug = Callable[[], AbstractContextManager[object]]
Kind = Callable[[Path, int], tuple[Plug, Callable[[], LiveSource]]]


def live(url: str) -> Callable[[], LiveSource]:
    def open_it() -> LiveSource:
        source = open_camera(url)
        assert isinstance(source, LiveSource)
        return source

    return open_it


def rtsp(_folder: Path, port: int) -> tuple[Plug, Callable[[], LiveSource]]:
    return lambda: rtsp_camera(port), live(f"rtsp://127.0.0.1:{port}/stream1")


def mjpeg(_folder: Path, port: int) -> tuple[Plug, Callable[[], LiveSource]]:
    return lambda: mjpeg_camera(port), live(f"http://127.0.0.1:{port}/video.mjpg")


def aravis(_folder: Path, _port: int) -> tuple[Plug, Callable[[], LiveSource]]:
    return aravis_camera, live("gige:GV42?by=aravis&width=64&height=48&rate=20")


def gentl(folder: Path, _port: int) -> tuple[Plug, Callable[[], LiveSource]]:
    """Its producer is taken away, and the process that has it in memory killed."""
    file = folder / "viky.cti"
    held = f"gige:1?producer={file}&width=100&height=100"

    class Producer(ExitStack):
        def __enter__(self) -> "Producer":
            shutil.copy(PRODUCER, file)
            return self

        def __exit__(self, *_: object) -> None:
            file.unlink()
            for child in psutil.Process().children():
                if str(file) in " ".join(child.cmdline()):
                    child.kill()

    return Producer, live(held)


def usb(folder: Path, _port: int) -> tuple[Plug, Callable[[], LiveSource]]:
    """It comes back under another number each time."""
    box = Box(folder)
    numbers = iter(range(10_000))

    class Camera(ExitStack):
        def __enter__(self) -> "Camera":
            self.number = next(numbers)
            box.plug_in(self.number, "AB12")
            return self

        def __exit__(self, *_: object) -> None:
            box.pull_out(self.number)

    def open_it() -> LiveSource:
        camera = UsbCamera(device="AB12", pace=1 / PERIOD_S)
        return LiveSource(UsbDriver(camera, video=box.video, capture=box.capture), camera)

    return Camera, open_it


def simulated(folder: Path, _port: int) -> tuple[Plug, Callable[[], LiveSource]]:
    """It is away when it is told to be."""
    noise = np.random.default_rng(0)
    for number in range(8):
        cv2.imwrite(str(folder / f"{number}.png"), noise.integers(0, 255, (48, 64, 3), np.uint8))
    there = Event()

    class Switched(SimulatedDriver):
        def open(self) -> None:
            super().open()
            self._must_be_there()

        def grab(self, wait_s: float) -> Frame | None:
            self._must_be_there()
            return super().grab(wait_s)

        def _must_be_there(self) -> None:
            if not there.is_set():
                raise CameraError(f"{self.name}: switched off.")

    class Camera(ExitStack):
        def __enter__(self) -> "Camera":
            there.set()
            return self

        def __exit__(self, *_: object) -> None:
            there.clear()

    camera = SimulatedCamera(folder=folder, rate=1 / PERIOD_S)
    return Camera, lambda: LiveSource(Switched(camera), camera)


@pytest.mark.fault
@pytest.mark.timeout(60 + 15 * UNPLUGS)
@pytest.mark.parametrize("kind", [rtsp, mjpeg, aravis, gentl, usb, simulated])
def test_a_camera_that_is_unplugged_again_and_again(
    kind: Kind, tmp_path: Path, free_port: Callable[[], int]
) -> None:
    plug, open_it = kind(tmp_path, free_port())
    told_s: list[float] = []
    back_s: list[float] = []
    with ExitStack() as plugged:
        plugged.enter_context(plug())
        with closing(Unplugged(open_it)) as camera:
            camera.wait_until(_is_fine)
            for round_ in range(UNPLUGS + 1):  # the first one warms up
                if round_ == 1:
                    before = _held()
                gone_s = monotonic()
                plugged.close()
                told_s.append(camera.wait_until(_is_fault) - gone_s)
                plugged.enter_context(plug())
                there_s = monotonic()
                back_s.append(camera.wait_until(_is_fine) - there_s)
            after = _held()
    print(_report(kind.__name__, told_s, back_s, before, after))
    assert max(told_s) < (FAULT_WITHIN_S + PERIOD_S) * SLACK
    assert max(back_s) < BACK_WITHIN_S * SLACK
    assert (after.threads, after.handles, after.children) == (
        before.threads,
        before.handles,
        before.children,
    )
    assert after.memory < before.memory + MOST_GROWTH


def _is_fine(condition: Condition) -> bool:
    return condition == FINE


def _is_fault(condition: Condition) -> bool:
    return condition.mode is StationMode.FAULT


@dataclass(frozen=True)
class Held:
    """What this process has in use."""

    threads: int
    handles: int
    children: int
    memory: int


def _held() -> Held:
    gc.collect()
    this = psutil.Process()
    children = len(this.children(recursive=True))
    return Held(this.num_threads(), this.num_fds(), children, this.memory_info().rss)


def _report(kind: str, told_s: list[float], back_s: list[float], *held: Held) -> str:
    def of(times: list[float]) -> str:
        return f"{median(times):.2f} s, at most {max(times):.2f} s"

    return f"{kind}, {len(told_s)} times: told after {of(told_s)}; back after {of(back_s)}; {held}"
