"""To the process that holds a GigE camera: started, listened to, and ended whatever it does."""

import json
import mmap
import os
import select
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Any

from ...core.errors import CameraError
from .devices import GigeDevice
from .job import Held, Job, Taken

OPEN_WITHIN_S = 20.0
END_WITHIN_S = 1.0
MESSAGE_BYTES = 65_536


class Link:
    """A process that does one job."""

    def __init__(self, job: Job) -> None:
        self._name = job.name
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel = ours
        self._memory: mmap.mmap | None = None
        self._slot_bytes = 0
        module = "edgeinspect.camera.gige.process"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, str(theirs.fileno()), job.to_json()],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # a maker's library may say anything there
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def found(self) -> tuple[tuple[GigeDevice, ...], str]:
        """Return the cameras it found, and why there may be more; raises CameraError."""
        told = self._hear(OPEN_WITHIN_S) or {}
        return tuple(GigeDevice(**each) for each in told.get("found", ())), told.get("lacks", "")

    def held(self) -> Held:
        """Wait until it holds the camera; raises CameraError when it cannot."""
        told = self._hear(OPEN_WITHIN_S)
        if told is None:
            raise CameraError(
                f"{self._name}: was not opened within {OPEN_WITHIN_S:g} s; look at its network."
            )
        held = Held(**told["held"])
        self._slot_bytes = held.slot_bytes
        return held

    def taken(self, wait_s: float) -> Taken | None:
        """Return the next picture; None when none came in time. Raises CameraError when lost."""
        told = self._hear(wait_s)
        return Taken(**told["taken"]) if told else None

    def pixels(self, taken: Taken) -> memoryview:
        """Return the bytes of a picture, which are its own until it is given back."""
        assert self._memory is not None
        at = taken.slot * self._slot_bytes
        return memoryview(self._memory)[at : at + taken.size]

    def give_back(self, taken: Taken) -> None:
        """Let the memory of a picture be used again."""
        with suppress(OSError):  # who is gone is heard of at the next picture
            self._channel.send(bytes((taken.slot,)))

    def close(self, *, at_once: bool = False) -> None:
        """End the process; `at_once` where it waits for a camera that is gone."""
        self._channel.close()
        if at_once:
            self._process.kill()
        try:
            self._process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._memory is not None:
            self._memory.close()
            self._memory = None

    def _hear(self, wait_s: float) -> dict[str, Any] | None:
        if not select.select([self._channel], [], [], wait_s)[0]:
            return None
        try:
            data, handles, _, _ = socket.recv_fds(self._channel, MESSAGE_BYTES, 1)
        except ConnectionError:  # it broke down before it read what it was sent
            data, handles = b"", []
        for handle in handles:
            self._memory = mmap.mmap(handle, os.fstat(handle).st_size, prot=mmap.PROT_READ)
            os.close(handle)
        if not data:
            raise CameraError(f"{self._name}: {self._end()}; it is opened again.")
        told: dict[str, Any] = json.loads(data)
        if "refused" in told:
            raise CameraError(told["refused"])
        return told

    def _end(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(END_WITHIN_S)
            how = f"signal {-code}" if code < 0 else f"status {code}"
            return f"the library that holds it broke down ({how})"
        return "the library that holds it broke off"
