"""What a made photograph shows and what is known about it."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Plane: TypeAlias = npt.NDArray[np.float32]
"""Float samples, (H, W); linear light, heights or shares."""

Colour: TypeAlias = npt.NDArray[np.float32]
"""Linear light, (H, W, 3), blue-green-red, 1.0 is white paper in the hot spot."""

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""8-bit pixels: (H, W, 3) blue-green-red, or (H, W) for a mask."""

Box: TypeAlias = tuple[int, int, int, int]
"""x1, y1, x2, y2 in px; x2 and y2 are one past the last pixel."""

GRADES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Defect:
    """One named fault; grade 1 is just visible, 4 is gross."""

    name: str
    grade: int


@dataclass(frozen=True, slots=True)
class RenderedPart:
    """One photograph: image (480, 640, 3) BGR, mask (480, 640) of 0 and 255, a box a defect."""

    image: Pixels
    mask: Pixels
    boxes: tuple[Box, ...]
    serial: str
