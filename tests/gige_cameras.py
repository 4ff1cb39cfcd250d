"""GigE cameras that can be unplugged: Aravis' fake camera on loopback, and a virtual producer."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import genicam
from required import missing

from edgeinspect.camera.gige.answers import answers

LOOPBACK = "127.0.0.1"
PRODUCER = str(Path(genicam.__file__).with_name("viky.cti"))
"""Three cameras of serials 0, 1 and 2, of 100 to 800 pixels each way."""
COMMAND = "arv-fake-gv-camera-0.8"


@contextmanager
def aravis_camera(*options: str) -> Iterator[str]:
    """Run a camera of serial GV42 that speaks GigE Vision, and unplug it at the end."""
    command = shutil.which(COMMAND)
    if command is None:
        missing(f"{COMMAND}: apt-get install aravis-tools libaravis-0.8-0")
    camera = subprocess.Popen([str(command), "-i", LOOPBACK, "-s", "GV42", *options])
    try:
        _wait_until_it_answers()
        yield "gige:GV42?by=aravis&width=64&height=48"
    finally:
        camera.kill()
        camera.wait()


def _wait_until_it_answers(within_s: float = 20.0) -> None:
    deadline, pause = monotonic() + within_s, threading.Event()
    while not answers(LOOPBACK):
        if monotonic() > deadline:
            raise TimeoutError("the GigE camera does not answer")
        pause.wait(0.02)
