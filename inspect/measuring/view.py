"""A picture to be measured: its greys, where its part lies, and the unit of what is found."""

from dataclasses import dataclass
from math import hypot
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.calibration import Calibration
from ..core.errors import MeasuringError
from ..core.frame import Image
from ..core.judgement import Laid
from .plane import Points, on_plane

Grey = NDArray[np.float32]
"""(height, width), 0 to 255."""
EDGE_PX = 0.03
"""Standard uncertainty of an edge beyond its scatter: sampling, and what the lens makes of it."""


@dataclass(frozen=True, slots=True)
class View:
    """`laid` turns places of gauges into places of the frame; None where they are the same.

    `calibration` is None where values are in pixels.
    """

    grey: Grey
    laid: Laid | None
    calibration: Calibration | None

    @classmethod
    def of(cls, image: Image, laid: Laid | None, calibration: Calibration | None) -> Self:
        """Return the view of an image, uint8 (height, width, 3), BGR."""
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32)
        return cls(grey, laid, calibration)

    def in_unit(self, unit: str) -> "View":
        """Return the view whose values are in `mm`, or in `px`."""
        return View(self.grey, self.laid, self.calibration if unit == "mm" else None)

    def in_frame(self, places: Points) -> Points:
        """Return where places of a gauge, (number, 2), are in the frame.

        Raises MeasuringError when one is outside of it.
        """
        if self.laid is not None:
            places = places @ self.laid[:, :2].T + self.laid[:, 2]
        height, width = self.grey.shape
        if (places < 0).any() or (places > (width, height)).any():
            right, down = places[((places < 0) | (places > (width, height))).any(axis=1)][0]
            raise MeasuringError(
                f"its place reaches out of the frame ({right:.0f}, {down:.0f} of {width}x{height})"
            )
        return places

    def greys_at(self, places_px: Points) -> Grey:
        """Return the grey between pixels at places (rows, columns, 2) of the frame."""
        x, y = (np.ascontiguousarray(places_px[..., n] - 0.5, np.float32) for n in (0, 1))
        read = cv2.remap(self.grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(read, np.float32)

    def measured(self, places_px: Points) -> Points:
        """Return places of the frame in the unit of this view, on the part's plane."""
        return places_px if self.calibration is None else on_plane(places_px, self.calibration)

    @property
    def pixel(self) -> float:
        """About the size of a pixel, in the unit of this view."""
        return 1.0 if self.calibration is None else self.calibration.mm_per_px

    def place_uncertainty(self) -> float:
        """Return the standard uncertainty of an edge's place beyond its scatter, in the unit."""
        plane = 0.0 if self.calibration is None else self.calibration.place_mm
        return hypot(EDGE_PX * self.pixel, plane)

    def scale_uncertainty(self, length: float) -> float:
        """Return the standard uncertainty of a length for the uncertainty of the scale."""
        return 0.0 if self.calibration is None else self.calibration.uncertainty * abs(length)
