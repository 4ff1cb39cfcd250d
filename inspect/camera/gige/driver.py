"""A GigE Vision camera, by a maker's GenTL producer or by Aravis."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Annotated, Literal

from pydantic import Field

from ...core.clock import utc_now
from ...core.errors import CameraError
from ...core.frame import Frame
from ..baskets import Grab, Use
from ..pixels import Layout, to_bgr
from .answers import answers
from .job import Asked, Held, Job, Taken
from .link import Link
from .numbers import FrameNumbers

SEARCHED = "GENICAM_GENTL64_PATH"
"""The folders of GenTL producers, as every maker's installer sets it."""
BETWEEN_TRIES_S = 1.2
"""To ask the network takes a second; a try that fails at once is not made again at once."""
Pixels = Annotated[int, Field(ge=0, le=65_535)]
Library = Literal["gentl", "aravis"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GigeCamera(Use):
    """Which camera, by its serial, model, vendor/model, given name or IP address; what is asked.

    `by` names the library that reaches it. `line` and `edge` are those of trigger=line.
    """

    camera: str
    by: Literal["auto", "gentl", "aravis"] = "auto"
    producer: str = ""
    width: Pixels = 0
    height: Pixels = 0
    rate: Annotated[float, Field(ge=0, le=1000)] = 0.0
    exposure_us: Annotated[float, Field(ge=0, le=60e6)] = 0.0
    gain_db: Annotated[float, Field(ge=-100, le=100)] | None = None
    format: str = ""
    trigger: Literal["free", "line"] = "free"
    line: str = "Line1"
    edge: Literal["rising", "falling"] = "rising"

    def __post_init__(self) -> None:
        Use.__post_init__(self)
        if self.trigger == "line" and self.grab is not Grab.EVERY:
            raise ValueError("trigger=line goes with grab=every, where each picture is a part")
        if self.producer and self.by == "aravis":
            raise ValueError("a producer goes with by=gentl")

    @property
    def asked(self) -> Asked:
        """What its process is told to set."""
        return Asked(
            width=self.width,
            height=self.height,
            rate=self.rate,
            exposure_us=self.exposure_us,
            gain_db=self.gain_db,
            format=self.format,
            trigger=self.trigger,
            line=self.line,
            edge=self.edge,
        )


def producers_on_path() -> tuple[str, ...]:
    """Return the GenTL producers that are installed on this box."""
    folders = [Path(each) for each in os.environ.get(SEARCHED, "").split(os.pathsep) if each]
    return tuple(str(file) for folder in folders for file in sorted(folder.glob("*.cti")))


def job_for(camera: GigeCamera, name: str) -> Job:
    """Return what a process is told, so that it holds a camera."""
    producers: Sequence[str] = (camera.producer,) if camera.producer else producers_on_path()
    by = camera.by
    if by == "auto":
        by = "gentl" if producers else "aravis"
    if by == "gentl" and not producers:
        raise CameraError(
            f"{name}: no GenTL producer is named, and {SEARCHED} leads to none; give "
            "?producer=/path/to/maker's.cti."
        )
    return Job(by, tuple(producers), camera.camera, name, camera.asked)


class GigeDriver:
    """A GigE camera that may be lost and come back."""

    def __init__(self, camera: GigeCamera) -> None:
        self.name = f"camera gige:{camera.camera}"
        self._camera = camera
        self._link: Link | None = None
        self._held: Held | None = None
        self._numbers = FrameNumbers()
        self._lost = False
        self._not_before_s = 0.0

    def open(self) -> None:
        """Take hold of the camera and set it as asked; raises CameraError when it cannot."""
        sleep(max(0.0, self._not_before_s - monotonic()))
        self._not_before_s = monotonic() + BETWEEN_TRIES_S
        job = job_for(self._camera, self.name)
        self._numbers, self._lost = FrameNumbers(), False
        self._link = Link(job)
        self._held = self._link.held()

    def grab(self, wait_s: float) -> Frame | None:
        """Return the next frame, one that says so when it is not whole; None when none came.

        Raises CameraError when the camera is gone.
        """
        assert self._link is not None
        assert self._held is not None
        taken = self._link.taken(wait_s)
        if taken is None:
            if self._held.ip and not answers(self._held.ip):
                self._lost = True
                raise CameraError(
                    f"{self.name}: does not answer at {self._held.ip}; look at its power, cable "
                    "and network."
                )
            return None
        return self._frame(self._link, self._held, taken)

    def close(self) -> None:
        """Let go of the camera."""
        link, self._link = self._link, None
        if link is not None:
            link.close(at_once=self._lost)

    def _frame(self, link: Link, held: Held, taken: Taken) -> Frame:
        when = utc_now() - timedelta(seconds=monotonic() - taken.captured_s)
        origin = str(taken.id)
        if taken.trouble:
            # What is not whole may lack the packet with its number, too.
            why = f"the picture is not whole: {taken.trouble}"
            return Frame(None, when, taken.captured_s, origin, unreadable=why)
        layout = Layout(taken.format, taken.width, taken.height, taken.padding)
        try:
            with link.pixels(taken) as pixels:
                image = to_bgr(pixels, layout)
        except CameraError as error:
            raise CameraError(f"{self.name}: {error}") from None
        link.give_back(taken)
        return Frame(
            image,
            when,
            taken.captured_s,
            origin,
            number=self._numbers.of(taken.id),
            exposure_us=held.exposure_us,
            gain_db=held.gain_db,
        )
