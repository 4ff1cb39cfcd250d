"""A live camera without one: plays a folder by a script of faults, for tests and training."""

import random
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Annotated

from pydantic import Field

from ..core.errors import CameraError
from ..core.frame import Frame
from .baskets import Use
from .folder import FolderCamera, load_frame, playlist

Share = Annotated[float, Field(ge=0, le=1)]
Often = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedCamera(Use):
    """What to play, at how many frames a second, and what goes wrong.

    A frame comes up to `jitter` of the time between two too late; of all, a share `drop` goes lost.
    Every so many frames (0: never) the camera freezes for `freeze_frames`, or is gone for `away_s`.
    """

    folder: Path
    rate: Annotated[float, Field(gt=0, le=1000)] = 5.0
    jitter: Share = 0.0
    drop: Share = 0.0
    freeze_every: Often = 0
    freeze_frames: Often = 10
    lose_every: Often = 0
    away_s: Annotated[float, Field(ge=0, le=3600)] = 2.0
    seed: int = 0


class SimulatedDriver:
    """A camera that does what its script says."""

    def __init__(self, camera: SimulatedCamera) -> None:
        self.name = f"simulated camera {camera.folder}"
        self._camera = camera
        self._playlist = playlist(FolderCamera(camera.folder))
        self._chance = random.Random(camera.seed)
        self._number = 0
        self._shown: Frame | None = None
        self._away_until_s = 0.0
        self._due_s = monotonic()
        self._never = Event()

    def open(self) -> None:
        """Begin to show; raises CameraError while the script says that the camera is away."""
        if monotonic() < self._away_until_s:
            raise CameraError(f"{self.name}: away, as its script says.")
        self._due_s = monotonic()

    def grab(self, wait_s: float) -> Frame | None:
        """Return the next frame when it is due; None when that is later than `wait_s`."""
        until_s = monotonic() + wait_s
        while True:
            late_s = self._chance.random() * self._camera.jitter / self._camera.rate
            due_s = self._due_s + 1 / self._camera.rate + late_s
            if due_s > until_s:
                self._never.wait(max(0.0, until_s - monotonic()))
                return None
            self._never.wait(max(0.0, due_s - monotonic()))
            self._due_s += 1 / self._camera.rate
            self._number += 1
            self._go_away_if_due()
            if self._chance.random() >= self._camera.drop:
                return replace(self._show(), number=self._number)

    def close(self) -> None:
        """Nothing is held."""

    def _go_away_if_due(self) -> None:
        often = self._camera.lose_every
        if often and self._number % often == 0:
            self._away_until_s = monotonic() + self._camera.away_s
            raise CameraError(f"{self.name}: lost, as its script says.")

    def _show(self) -> Frame:
        often, frames = self._camera.freeze_every, self._camera.freeze_frames
        frozen = often and self._number >= often and self._number % often < frames
        if not frozen or self._shown is None:
            path = self._playlist[self._number % len(self._playlist)]
            self._shown = load_frame(path, path.name)
        return replace(self._shown, captured_s=monotonic())
