"""Reference images: what a model must answer on every box before it may judge there."""

import base64
from typing import Annotated, Self

import cv2
import numpy as np
from pydantic import Base64Bytes, Field, TypeAdapter

from ..core.errors import ImageError, ModelError
from ..core.finding import BoxPx
from ..core.frame import Image
from ..core.frozen import FrozenModel
from ..datasets.images import decode_image
from .findings import MAX_FINDINGS, AnomalyMap, findings_from_map

DIGITS = 5
MAX_PIXELS = 2**20
_PNG = b"\x89PNG\r\n\x1a\n"

Row = Annotated[tuple[float, ...], Field(min_length=1, max_length=512)]


class Reference(FrozenModel):
    """A small image from before the resize, and what the model made of it when it was taught."""

    png: Base64Bytes = Field(max_length=2_000_000)
    score: float
    anomaly_map: Annotated[tuple[Row, ...], Field(min_length=1, max_length=512)]
    boxes_px: tuple[BoxPx, ...] = Field(
        max_length=MAX_FINDINGS, description="Findings in this image's pixels"
    )
    threshold: float = Field(description="The model's threshold when this was recorded")

    @classmethod
    def recorded(
        cls, image: Image, score: float, anomaly_map: AnomalyMap, threshold: float
    ) -> Self:
        """Record the answer to `image` of a model that suggests `threshold`."""
        rounded = np.round(anomaly_map.astype(np.float64), DIGITS)
        encoded, png = cv2.imencode(".png", image)
        if not encoded:
            raise ModelError("a reference image could not be encoded; teach from other images.")
        return cls(
            png=base64.b64encode(png.tobytes()),
            score=round(score, DIGITS),
            anomaly_map=tuple(tuple(row) for row in rounded.tolist()),
            boxes_px=_boxes(rounded.astype(np.float32), threshold, image),
            threshold=threshold,
        )

    def image(self) -> Image:
        """Return the pixels. Raises ModelError when they cannot be read."""
        if not self.png.startswith(_PNG):
            raise ModelError("a reference image is no PNG")
        try:
            return decode_image(self.png, "a reference image", MAX_PIXELS)
        except ImageError:
            raise ModelError("a reference image is damaged or too large") from None

    def expected_map(self) -> AnomalyMap:
        """Return the recorded anomaly map."""
        return np.array(self.anomaly_map, np.float32)

    def findings_agree(self) -> bool:
        """Say whether today's findings function gives the recorded boxes for the recorded map."""
        return _boxes(self.expected_map(), self.threshold, self.image()) == self.boxes_px


References = TypeAdapter(Annotated[tuple[Reference, ...], Field(min_length=1, max_length=4)])


def _boxes(anomaly_map: AnomalyMap, threshold: float, image: Image) -> tuple[BoxPx, ...]:
    """Return the findings, cut lower where the map stays below the threshold: never none."""
    height, width = image.shape[:2]
    cut_at = min(threshold, 0.9 * float(anomaly_map.max()))
    found = findings_from_map(anomaly_map, cut_at, width, height)
    return tuple(finding.box_px for finding in found)
