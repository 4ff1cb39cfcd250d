"""What a model file says about itself."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from .frozen import FrozenModel
from .gates import TaughtGates
from .identity import Name, Sha256
from .region import Region
from .upright import Uprighting

Resize = Literal["halve-linear", "letterbox-114", "letterbox-114-corner"]
"""How a frame is laid into the input: stretched over it, or in its shape on grey, in the middle or
in the left upper corner."""
Findings = Literal["anomaly-map/1", "named-map/1", "boxed-map/1", "boxes/1", "classes/1"]
"""The function of the models room that turns answers into findings."""
PositivePx = Annotated[int, Field(ge=16, le=8192)]


class Grade(StrEnum):
    """How much time an anomaly model takes for a frame, and how much it sees for it."""

    FAST = "fast"
    ACCURATE = "accurate"


class Addition(FrozenModel):
    """Good images that were folded into a model after its first teaching."""

    images: int = Field(ge=1, description="How many")
    sha256: Sha256 = Field(description="Digest over the digests of these images")
    added_at: AwareDatetime
    added_by: str = Field(description="Who added them, as far as the system knows")


class WeightLicence(FrozenModel):
    """The licence of one set of weights inside a model."""

    weights: str = Field(description="Whose weights")
    licence: str = Field(description="SPDX identifier")
    source: str = Field(description="Where they come from")


class ThresholdBasis(FrozenModel):
    """The threshold a model suggests, and what it rests on."""

    value: float = Field(description="Score from which a part fails")
    method: str = Field(description="How it was set, in a sentence")
    good_parts: int = Field(ge=0, description="Held-out good parts it was set from")
    overkill_bound: float | None = Field(
        None, ge=0, le=1, description="Upper bound on the share of good parts failed"
    )
    confidence: float | None = Field(
        None, gt=0, lt=1, description="Confidence of that bound; null where none is claimed"
    )


class Quantised(FrozenModel):
    """How a model came to count in 8 bits, and what that cost."""

    from_sha256: Sha256 = Field(description="Identity of the model it was made from")
    images: int = Field(ge=1, description="Good parts whose numbers set the ranges")
    convolutions: int = Field(ge=1, description="Steps that count in 8 bits")
    of_convolutions: int = Field(ge=1, description="Of so many convolutions in all")
    measured_on: str = Field(description="What parts the loss was measured on, in words")
    auroc_before: float = Field(ge=0, le=1, description="Image AUROC on those parts, as it was")
    auroc_after: float = Field(ge=0, le=1, description="The same, in 8 bits")


class KnownClass(FrozenModel):
    """A class of defects that a model was taught by marked examples."""

    name: str = Field(max_length=64)
    examples: int = Field(ge=1, description="Marked defects of this class")
    held_out_parts: int = Field(
        ge=0, description="Parts with such defects that models taught without them judged"
    )
    held_out_caught: int = Field(ge=0, description="How many of those reached the threshold")


class KnownDefects(FrozenModel):
    """The marked defects that a model was taught beside what is good."""

    classes: tuple[KnownClass, ...]
    images: int = Field(ge=1, description="Images with marks")
    sha256: Sha256 = Field(description="Digest over the digests of these images")


class TaughtFrames(FrozenModel):
    """What the frames a model was taught on were like; others are not judged but reviewed."""

    min_width_px: int = Field(ge=1)
    max_width_px: int = Field(ge=1)
    min_height_px: int = Field(ge=1)
    max_height_px: int = Field(ge=1)
    grey: bool = Field(description="Whether every one was grey")


class ModelManifest(FrozenModel):
    """Family, input, threshold, provenance and licence of one model."""

    manifest: Literal[1] = 1
    family: Literal["anomaly", "detector", "classifier"]
    name: Name
    version: int = Field(1, ge=1)
    grade: Grade | None = Field(None, description="Of an anomaly model; null for other families")
    classes: tuple[str, ...] = ()
    good_classes: tuple[str, ...] = Field(
        (), description="Classes of good parts among them; a classifier has some"
    )
    input_width_px: PositivePx
    input_height_px: PositivePx
    resize: Resize = Field("halve-linear", description="How a frame is laid into the input")
    region: Region | None = Field(
        None, description="What of the frame is judged; null for all of it"
    )
    upright: Uprighting | None = Field(
        None, description="How parts that lie as they fall are laid upright; null where none do"
    )
    colour: Literal["bgr"] = "bgr"
    findings: Findings = Field(
        "anomaly-map/1", description="Function of the models room that turns answers into findings"
    )
    threshold: ThresholdBasis
    taught_frames: TaughtFrames
    taught_gates: TaughtGates | None = Field(
        None, description="How its good parts were seen; null where that was not measured"
    )
    training_images: int = Field(ge=0)
    training_sha256: Sha256 = Field(description="Digest over the digests of the images taught from")
    additions: tuple[Addition, ...] = Field(
        (), max_length=1000, description="What was added after the first teaching, oldest first"
    )
    known: KnownDefects | None = Field(
        None, description="Defects it was taught by marked examples; null for good parts alone"
    )
    quantised: Quantised | None = Field(None, description="Null where it counts in float32")
    licences: tuple[WeightLicence, ...]
    created_at: AwareDatetime
    created_by: str = Field(description="Who taught it, as far as the system knows")
    made_with: str = Field(description="Program and version that wrote the file")
