"""Where the defects of a picture are, as people marked them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from ...core.errors import DatasetError
from ...core.finding import BoxPx, Finding
from ...datasets.images import read_image

SHAPE_TOLERANCE = 0.02
"""A mask may be of another size than its image, and its shape differ by so much: by rounding."""


@dataclass(frozen=True, slots=True)
class TrueBox:
    """A box that people drew: the class, and left, top, right, bottom in pixels of the image."""

    class_name: str
    box_px: BoxPx


@dataclass(frozen=True, slots=True)
class Defect:
    """One marked defect: its share of the frame, 0 to 1, and whether a finding lies on it."""

    share: float
    is_found: bool


@dataclass(frozen=True, slots=True)
class Defects:
    """`region` is int32 (height, width) of the frame: 0 is normal, 1, 2, ... are the defects."""

    region: NDArray[np.int32]

    @classmethod
    def of_mask(cls, mask: Path, width_px: int, height_px: int) -> Self:
        """Read a mask for an image of this size: what is bright is defective.

        Pixels that touch, be it at a corner, are one defect. Raises DatasetError for a mask that
        cannot be read, marks nothing, or is not of the image's shape.
        """
        bright = read_image(mask).max(axis=2)
        height, width = bright.shape
        if abs(width * height_px / (height * width_px) - 1) > SHAPE_TOLERANCE:
            raise DatasetError(
                f"{mask}: {width}x{height}, the image is {width_px}x{height_px}; draw it anew."
            )
        marked = (bright > bright.max() / 2).astype(np.uint8)
        if not marked.any():
            raise DatasetError(f"{mask}: marks nothing; draw the defect, or remove the mask.")
        if (height, width) != (height_px, width_px):
            size = width_px, height_px
            marked = np.asarray(cv2.resize(marked, size, interpolation=cv2.INTER_NEAREST), np.uint8)
        return cls(np.asarray(cv2.connectedComponents(marked, connectivity=8)[1], np.int32))

    @classmethod
    def of_boxes(cls, boxes: Sequence[TrueBox], width_px: int, height_px: int) -> Self:
        """Take boxes for defects; where they overlap, the last one lies on top."""
        region = np.zeros((height_px, width_px), np.int32)
        for number, box in enumerate(boxes, 1):
            region[_inside(box.box_px)] = number
        return cls(region)

    def told_by(self, findings: Sequence[Finding]) -> "tuple[Defect, ...]":
        """Return each defect, found where a finding's box lies on it, be it only in part."""
        touched: set[int] = set()
        for finding in findings:
            touched.update(np.unique(self.region[_inside(finding.box_px)]).tolist())
        sizes = np.bincount(self.region.ravel())
        return tuple(
            Defect(float(size) / self.region.size, number in touched)
            for number, size in enumerate(sizes.tolist())
            if number and size
        )


def _inside(box: BoxPx) -> tuple[slice, slice]:
    left, top, right, bottom = box
    return slice(floor(top), ceil(bottom)), slice(floor(left), ceil(right))
