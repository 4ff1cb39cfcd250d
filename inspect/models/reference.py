"""Reference images: what a model must answer on every box before it may judge there."""

import base64
from collections.abc import Iterator
from typing import Annotated, Self

import cv2
import numpy as np
from pydantic import Base64Bytes, Field, TypeAdapter

from ..core.errors import ModelError
from ..core.finding import BoxPx
from ..core.frame import Image
from ..core.frozen import FrozenModel
from .findings import AnomalyMap, findings_from_map

DIGITS = 5
MAX_SIDE_PX = 1024

Row = Annotated[tuple[float, ...], Field(min_length=1, max_length=512)]


class Reference(FrozenModel):
    """A small image from before the resize, and what the model made of it when it was taught."""

    png: Base64Bytes = Field(max_length=4_000_000)
    score: float
    anomaly_map: Annotated[tuple[Row, ...], Field(min_length=1, max_length=512)]
    boxes_px: tuple[BoxPx, ...] = Field(description="Findings at `cut_at`, in this image's pixels")
    cut_at: float = Field(description="Threshold the findings were cut out at")

    @classmethod
    def recorded(cls, image: Image, score: float, anomaly_map: AnomalyMap, cut_at: float) -> Self:
        """Record a model's answer to `image`."""
        rounded = np.round(anomaly_map.astype(np.float64), DIGITS)
        encoded, png = cv2.imencode(".png", image)
        if not encoded:
            raise ModelError("a reference image could not be encoded; teach from other images.")
        return cls(
            png=base64.b64encode(png.tobytes()),
            score=round(score, DIGITS),
            anomaly_map=tuple(tuple(row) for row in rounded.tolist()),
            boxes_px=tuple(_boxes(rounded.astype(np.float32), cut_at, image)),
            cut_at=cut_at,
        )

    def image(self) -> Image:
        """Return the pixels. Raises ModelError when they cannot be read."""
        try:
            pixels = cv2.imdecode(np.frombuffer(self.png, np.uint8), cv2.IMREAD_COLOR)
        except cv2.error:
            pixels = None
        if pixels is None or max(pixels.shape[:2]) > MAX_SIDE_PX:
            raise ModelError("a reference image cannot be read")
        return np.asarray(pixels, np.uint8)

    def expected_map(self) -> AnomalyMap:
        """Return the recorded anomaly map."""
        return np.array(self.anomaly_map, np.float32)

    def findings_agree(self) -> bool:
        """Say whether today's findings function gives the recorded boxes for the recorded map."""
        return tuple(_boxes(self.expected_map(), self.cut_at, self.image())) == self.boxes_px


References = TypeAdapter(Annotated[tuple[Reference, ...], Field(min_length=1, max_length=8)])


def _boxes(anomaly_map: AnomalyMap, cut_at: float, image: Image) -> Iterator[BoxPx]:
    height, width = image.shape[:2]
    for finding in findings_from_map(anomaly_map, cut_at, width, height):
        yield finding.box_px
