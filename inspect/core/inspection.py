"""The record of one part's inspection: the payload of the MQTT contract, version 1."""

from functools import lru_cache
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from .clock import Moment
from .finding import Finding
from .frozen import FrozenModel
from .gates import Gates
from .identity import Name, Sha256
from .part import Label, PartContext
from .reason import Reason, ReasonCode
from .recipe import RecipeRef
from .verdict import Purpose, Verdict

SCHEMA: Literal["edgeinspect.inspection/1"] = "edgeinspect.inspection/1"
NEXT_SCHEMA = "edgeinspect.inspection/2"
"""The only other version that is read; what it adds is left out."""
Milliseconds = Annotated[float, Field(ge=0)]


class Measurement(FrozenModel):
    """One gauge's value, with the limits it was held against."""

    name: Label
    value: float
    unit: Annotated[str, Field(max_length=16)]
    low: float | None = None
    high: float | None = None
    uncertainty: float | None = Field(
        None, ge=0, description="Expanded (k = 2, about 95 %), in the unit; null where not known"
    )


class ModelRef(FrozenModel):
    """Which model judged a part, and on what it ran."""

    name: Name
    version: int = Field(ge=1)
    sha256: Sha256
    runtime: str = Field(max_length=64)


class Timings(FrozenModel):
    """Time spent on each stage, in milliseconds."""

    trigger: Milliseconds | None = Field(
        None,
        description="From the trigger to the picture, or back to it where the part was seen in "
        "pictures; null without either",
    )
    capture: Milliseconds = 0.0
    judge: Milliseconds = 0.0
    read: Milliseconds = Field(0.0, description="Reading the serial")
    measure: Milliseconds = 0.0
    decide: Milliseconds = 0.0
    act: Milliseconds = 0.0


class Evidence(FrozenModel):
    """One kept image: `frame` shows the part itself, `before` one that passed just before it."""

    sha256: Sha256
    kind: Literal["frame", "before"] = "frame"
    inspection: UUID | None = Field(
        None, description="Which inspection judged the part it shows; null for the part itself"
    )
    content_type: Literal["image/jpeg", "image/png"] = "image/jpeg"
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    bytes: int = Field(ge=1)

    @model_validator(mode="after")
    def _names_the_part_it_shows(self) -> Self:
        if (self.kind == "before") != (self.inspection is not None):
            raise ValueError("an image of kind before names an inspection, and no other does")
        return self


class View(FrozenModel):
    """What one station, of several that look at a part, said of it."""

    station: Name = Field(description="A station of the same site and line")
    inspection: UUID | None = Field(
        None, description="Id of its inspection; null where none came in time"
    )
    verdict: Verdict | None = Field(None, description="Its verdict; null where none came in time")

    @model_validator(mode="after")
    def _came_or_not(self) -> Self:
        if (self.inspection is None) != (self.verdict is None):
            raise ValueError("a view that came has an inspection and a verdict, another has none")
        return self


class StationAddress(FrozenModel):
    """Where a station stands."""

    site: Name = "site"
    line: Name = "line-1"
    station: Name = "station-1"

    def __str__(self) -> str:
        return f"{self.site}/{self.line}/{self.station}"


@lru_cache(maxsize=4096)
def address_of(site: str, line: str, station: str) -> StationAddress:
    """Return the address of these names: the same one each time, for parts come by the thousand.

    Raises pydantic's ValidationError for what is no name.
    """
    return StationAddress(site=site, line=line, station=station)


class Inspection(FrozenModel):
    """Everything that is recorded about one inspected part.

    `score`, `threshold` and `model` are null for a part that could not be judged;
    its verdict is then never `pass`. They are null as well where the verdict is made from `views`,
    and never `pass` unless each of those passed.
    """

    schema_: Literal["edgeinspect.inspection/1"] = Field(SCHEMA, alias="schema")
    id: UUID = Field(description="UUIDv7 of this inspection")
    site: Name
    line: Name
    station: Name
    boot: UUID = Field(description="One run of the station process")
    sequence: int = Field(ge=1, lt=2**53, description="1, 2, 3, ... without gaps within a boot")
    captured_at: Moment = Field(description="When the frame was taken, UTC; years 1970 to 2200")
    part_id: Label = Field(description="The serial, or an id the station made")
    purpose: Purpose = Purpose.PRODUCTION
    context: PartContext = PartContext()
    recipe: RecipeRef | None
    verdict: Verdict
    reasons: tuple[Reason, ...] = Field((), max_length=32)
    score: float | None = None
    threshold: float | None = None
    threshold_suggested: float | None = None
    findings: tuple[Finding, ...] = Field((), max_length=256)
    measurements: tuple[Measurement, ...] = Field((), max_length=256)
    gates: Gates = Gates()
    model: ModelRef | None = None
    timings_ms: Timings = Timings()
    evidence: tuple[Evidence, ...] = Field((), max_length=16)
    views: tuple[View, ...] = Field(
        (), max_length=16, description="What it was made from, where several stations see a part"
    )

    @model_validator(mode="after")
    def _unjudged_never_passes(self) -> Self:
        if self.verdict is not Verdict.PASS:
            return self
        if self.views:
            if any(view.verdict is not Verdict.PASS for view in self.views):
                raise ValueError("a part that not all of its views passed cannot pass")
        elif self.score is None or self.model is None:
            raise ValueError("a part without a score and a model cannot pass")
        return self

    @property
    def interrupted(self) -> bool:
        """Whether nobody judged the part: the station only knows that it was stopped at it."""
        return [reason.code for reason in self.reasons] == [ReasonCode.STATION_INTERRUPTED]

    @property
    def own_images(self) -> tuple[Evidence, ...]:
        """The images of this part, without those of the parts before it."""
        return tuple(image for image in self.evidence if image.kind == "frame")

    @property
    def address(self) -> StationAddress:
        """Where this part was inspected."""
        return address_of(self.site, self.line, self.station)
