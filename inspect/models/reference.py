"""Reference images: what a model must answer on every box before it may judge there."""

import base64
from typing import Annotated, Literal, Self

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Base64Bytes, Field, TypeAdapter, model_validator

from ..core.errors import ImageError, ModelError
from ..core.finding import Finding
from ..core.frame import Image
from ..core.frozen import FrozenModel
from ..datasets.images import decode_image
from .answer import Answer
from .findings import MAX_FINDINGS, findings_of
from .naming import ANOMALY, Naming
from .placed import Placed
from .png import check_png

MAX_PIXELS = 2**20
MAX_NUMBERS = 2**18

Side = Annotated[int, Field(ge=0, le=4096)]


class Numbers(FrozenModel):
    """An array of float32: its shape, and its bytes in little-endian order."""

    shape: tuple[Side, ...] = Field(max_length=3)
    data: Base64Bytes = Field(max_length=6 * MAX_NUMBERS)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if int(np.prod(self.shape)) * 4 != len(self.data):
            raise ValueError(f"{len(self.data)} bytes are no array of shape {self.shape}")
        return self

    @classmethod
    def of(cls, values: NDArray[np.float32]) -> Self:
        """Take the numbers of an array."""
        data = base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes())
        return cls(shape=values.shape, data=data)

    def array(self) -> NDArray[np.float32]:
        """Return the array."""
        return np.frombuffer(self.data, "<f4").reshape(self.shape).astype(np.float32)


class Reference(FrozenModel):
    """A small image from before it is laid into the input, and what the model made of it."""

    png: Base64Bytes = Field(max_length=2_000_000)
    outputs: dict[Literal["score", "anomaly_map", "boxes", "class_map"], Numbers]
    findings: tuple[Finding, ...] = Field(
        max_length=MAX_FINDINGS, description="Findings in this image's pixels"
    )
    threshold: float = Field(description="The model's threshold when this was recorded")

    @classmethod
    def recorded(
        cls,
        image: Image,
        placed: Placed,
        answer: Answer,
        threshold: float,
        naming: Naming = ANOMALY,
    ) -> Self:
        """Record the answer of a model that suggests `threshold`, to `image` laid as `placed`."""
        encoded, png = cv2.imencode(".png", image)
        if not encoded:
            raise ModelError("a reference image could not be encoded; teach from other images.")
        outputs = {name: Numbers.of(value) for name, value in answer.outputs().items()}
        findings = _findings(answer, threshold, placed, naming)
        return cls(
            png=base64.b64encode(png.tobytes()),
            outputs=outputs,
            findings=findings,
            threshold=threshold,
        )

    def image(self) -> Image:
        """Return the pixels. Raises ModelError when they cannot be read."""
        check_png(self.png, MAX_PIXELS)
        try:
            return decode_image(self.png, "a reference image", MAX_PIXELS)
        except ImageError:
            raise ModelError("a reference image is damaged") from None

    def expected(self) -> Answer:
        """Return the recorded answer."""
        return Answer.of({name: numbers.array() for name, numbers in self.outputs.items()})

    def findings_agree(self, placed: Placed, naming: Naming) -> bool:
        """Say whether today's findings function, on this image as `placed`, gives the findings
        recorded for the recorded answer.
        """
        return _findings(self.expected(), self.threshold, placed, naming) == self.findings


References = TypeAdapter(Annotated[tuple[Reference, ...], Field(min_length=1, max_length=4)])


def _findings(
    answer: Answer, threshold: float, placed: Placed, naming: Naming
) -> tuple[Finding, ...]:
    """Return the findings, cut lower where the score stays below the threshold: never none."""
    return findings_of(answer, min(threshold, 0.9 * answer.score), placed, naming)
