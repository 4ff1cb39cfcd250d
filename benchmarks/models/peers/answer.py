"""What a peer says of one frame; it runs in every peer's environment, so it needs little."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
"""As the camera hands it out: (height, width, 3), blue-green-red."""
Box = tuple[float, float, float, float, float, str]
"""Left, top, right, bottom in pixels of the frame, score, name of the class."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A score, and a map of the frame's own size or boxes; a raw session has neither."""

    score: float
    anomaly_map: NDArray[np.float32] | None = None
    boxes: tuple[Box, ...] | None = None


Judge = Callable[[Frame], Answer]


class Module(Protocol):
    """What a module of this folder that stands for one or more peers has; `key` says which."""

    def teach(self, key: str, images: Sequence[Path], folder: Path, /) -> None:
        """Teach from the images, and leave in `folder` what can be opened."""

    def export(self, key: str, folder: Path, /) -> None:
        """Write what the runtimes other than the peer's own need."""

    def opened(self, key: str, folder: Path, runtime: str, threads: int, /) -> Judge:
        """Open what was taught in a runtime."""


def mapped(score: float, anomaly_map: NDArray[Any], frame: Frame) -> Answer:
    """Return the answer with the map (rows, columns) enlarged to the frame's size."""
    size = frame.shape[1], frame.shape[0]
    return Answer(score, np.asarray(cv2.resize(anomaly_map, size), np.float32))
