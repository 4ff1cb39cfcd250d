"""What a recipe has measured: where, and within which limits."""

from enum import StrEnum
from math import hypot
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .frozen import FrozenModel
from .identity import Name

MOST_GAUGES = 64
Place = Annotated[float, Field(ge=-65_535, le=65_535)]
PlacePx = tuple[Place, Place]
"""Right and down in pixels, from the left upper corner of the frame, or of the upright part."""
Unit = Literal["mm", "px"]


class Step(StrEnum):
    """How grey changes at an edge, as one goes along."""

    TO_BRIGHT = "to-bright"
    TO_DARK = "to-dark"
    ANY = "any"


class Near(StrEnum):
    """What becomes of a value within its limits that is nearer to one than it is certain."""

    REVIEW = "review"
    PASS = "pass"


class Stripe(FrozenModel):
    """A strip of the picture along which an edge is looked for; the edge runs across it."""

    from_px: PlacePx = Field(description="Where it begins, in the middle of its width")
    to_px: PlacePx = Field(description="Where it ends")
    width_px: float = Field(24.0, ge=6, le=4096, description="How wide it is")

    @property
    def length_px(self) -> float:
        """How long it is."""
        return hypot(self.to_px[0] - self.from_px[0], self.to_px[1] - self.from_px[1])

    @model_validator(mode="after")
    def _is_long_enough(self) -> Self:
        if not 8 <= self.length_px <= 8192:
            raise ValueError(f"a stripe is 8 to 8192 pixels long, not {self.length_px:.1f}")
        return self


class _Gauge(FrozenModel):
    """What every gauge has."""

    name: Name = Field(description="Name of the value, one of its own in the recipe")
    nominal: float | None = Field(None, description="What the value should be")
    below: float | None = Field(None, ge=0, description="So much less is allowed; none: any")
    above: float | None = Field(None, ge=0, description="So much more is allowed; none: any")
    near_limit: Near = Field(
        Near.REVIEW, description="What becomes of a value nearer to a limit than it is certain"
    )
    uncertainty: float | None = Field(
        None, ge=0, description="Expanded uncertainty (k = 2) by your own study; none: reckoned"
    )
    strength: float = Field(
        0.4, gt=0, le=1, description="Least step of an edge, as a share of the strongest there"
    )
    contrast: float = Field(
        12.0, ge=2, le=255, description="Least step of an edge in grey levels; less is none"
    )

    @property
    def low(self) -> float | None:
        """The least value allowed."""
        if self.nominal is None or self.below is None:
            return None
        return self.nominal - self.below

    @property
    def high(self) -> float | None:
        """The greatest value allowed."""
        if self.nominal is None or self.above is None:
            return None
        return self.nominal + self.above

    @model_validator(mode="after")
    def _limits_have_a_nominal(self) -> Self:
        if self.nominal is None and not (self.below is None and self.above is None):
            raise ValueError(f"gauge {self.name}: below and above need a nominal; name it")
        return self


class DistanceGauge(_Gauge):
    """The distance between two edges that one stripe crosses, square to them."""

    kind: Literal["distance"] = Field("distance", description="Distance between two edges")
    stripe: Stripe
    first_step: Step = Field(
        Step.ANY, description="How grey changes at the edge nearest to the stripe's beginning"
    )
    last_step: Step = Field(Step.ANY, description="The same at the edge nearest to its end")
    unit: Unit = Field("mm", description="Millimetres need a calibration")


class AngleGauge(_Gauge):
    """The angle between two edges, 0 to 180 degrees.

    With the first stripe drawn out of a part and the second into it, the one inside its corner.
    """

    kind: Literal["angle"] = Field("angle", description="Angle between two edges, degrees")
    first: Stripe = Field(description="Crosses the first edge")
    second: Stripe = Field(description="Crosses the other")
    first_step: Step = Field(Step.ANY, description="How grey changes along the first stripe")
    second_step: Step = Field(Step.ANY, description="How grey changes along the second")


class CircleGauge(_Gauge):
    """The diameter of a circle, and how far its centre is from where it should be."""

    kind: Literal["circle"] = Field("circle", description="Diameter and place of a circle")
    centre_px: PlacePx = Field(description="Where its centre should be")
    radius_px: float = Field(ge=4, le=4096, description="About its radius")
    search_px: float = Field(
        ge=4, le=4096, description="So far inward and outward edges are sought"
    )
    step: Step = Field(Step.ANY, description="How grey changes from its centre outward")
    place_within: float | None = Field(
        None, gt=0, description="So far its centre may be off; none does not measure that"
    )
    unit: Unit = Field("mm", description="Millimetres need a calibration")


class HolesGauge(_Gauge):
    """How many round holes there are in a box, and how far the worst is from its place."""

    kind: Literal["holes"] = Field("holes", description="Count and places of holes")
    box_px: tuple[Place, Place, Place, Place] = Field(description="Left, top, right, bottom")
    least_px: float = Field(ge=4, le=4096, description="Diameter of the smallest that counts")
    most_px: float = Field(ge=4, le=4096, description="Diameter of the largest that counts")
    dark: bool = Field(True, description="Holes are darker than what is around them")
    places_px: tuple[PlacePx, ...] = Field(
        (), max_length=256, description="Where their centres should be"
    )
    place_within: float | None = Field(
        None, gt=0, description="So far a centre may be off; none does not measure that"
    )
    unit: Unit = Field("mm", description="Of place_within; millimetres need a calibration")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        left, top, right, bottom = self.box_px
        if not (8 <= right - left <= 8192 and 8 <= bottom - top <= 8192):
            raise ValueError(f"gauge {self.name}: box_px is 8 to 8192 pixels wide and high")
        if self.least_px > self.most_px:
            raise ValueError(f"gauge {self.name}: least_px is more than most_px; swap them")
        if (self.place_within is None) != (not self.places_px):
            raise ValueError(
                f"gauge {self.name}: place_within and places_px belong together: name both"
            )
        return self


Gauge = Annotated[
    DistanceGauge | AngleGauge | CircleGauge | HolesGauge, Field(discriminator="kind")
]


def needs_calibration(gauge: Gauge) -> bool:
    """Say whether a gauge asks for millimetres."""
    if isinstance(gauge, HolesGauge):
        return gauge.unit == "mm" and gauge.place_within is not None
    return not isinstance(gauge, AngleGauge) and gauge.unit == "mm"
