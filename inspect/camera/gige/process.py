"""The process that holds a GigE camera: finds it, sets it, and puts its pictures into memory.

    python -m edgeinspect.camera.gige.process SOCKET JOB

It ends when whoever started it lets go of the socket, or dies.
"""

import json
import mmap
import os
import select
import signal
import socket
import sys
from contextlib import ExitStack
from dataclasses import asdict

from ...core.errors import CameraError
from .devices import choose
from .features import configure, steady
from .job import SLOTS, Held, Job
from .library import BusyError, Features, Library, RefusedError

TURN_S = 0.05
"""So often it looks whether it is still wanted."""


def main() -> None:
    """Do the job of the command line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = socket.socket(fileno=int(sys.argv[1]))
    job = Job.from_json(sys.argv[2])
    with ExitStack() as at_the_end:
        try:
            _do(job, channel, at_the_end)
        except CameraError as error:
            _say(channel, {"refused": str(error)})
        except RefusedError as error:
            why = f"{job.name}: {job.library} says: {error}; look at the camera."
            _say(channel, {"refused": why})
        except OSError:
            return  # nobody is there to be told


def _do(job: Job, channel: socket.socket, at_the_end: ExitStack) -> None:
    library = _library(job)
    at_the_end.callback(library.close)  # what is wrong is said before, for that may take a while
    found = library.find()
    if not job.wanted:
        _say(channel, {"found": [asdict(each) for each in found], "lacks": library.lacks})
        return
    if not found and library.lacks:
        raise CameraError(library.lacks)
    device = choose(found, job.wanted, job.name)
    try:
        features = library.open(device)
        configure(features, job.asked, job.name)
        _serve(library, features, channel, device.ip)
    except BusyError as error:
        raise CameraError(
            f"{job.name}: another program has it ({error}); end that, or wait until it lets go."
        ) from None


def _serve(library: Library, features: Features, channel: socket.socket, ip: str) -> None:
    slot_bytes = -(-library.payload() // mmap.PAGESIZE) * mmap.PAGESIZE
    handle = os.memfd_create("gige")
    os.ftruncate(handle, slot_bytes * SLOTS)
    library.start(mmap.mmap(handle, slot_bytes * SLOTS), slot_bytes)
    exposure_us = steady(features, "ExposureAuto", "ExposureTime", "ExposureTimeAbs")
    held = Held(slot_bytes, ip, exposure_us, steady(features, "GainAuto", "Gain"))
    socket.send_fds(channel, [json.dumps({"held": asdict(held)}).encode()], [handle])
    os.close(handle)
    while True:
        taken = library.next(TURN_S)
        if taken is not None:
            _say(channel, {"taken": asdict(taken)})
        while select.select([channel], [], [], 0)[0]:
            slot = channel.recv(1)
            if not slot:
                return
            library.give_back(slot[0])


def _say(channel: socket.socket, what: dict[str, object]) -> None:
    channel.send(json.dumps(what).encode())


def _library(job: Job) -> Library:
    if job.library == "aravis":
        from .aravis import Aravis

        return Aravis(job.name)
    from .gentl import Gentl

    return Gentl(job.producers, job.name)


if __name__ == "__main__":
    main()
