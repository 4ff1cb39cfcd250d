"""How well a part was seen: what is measured of every frame, and what was usual in teaching."""

from typing import Literal, Self

from pydantic import Field, model_validator

from .frozen import FrozenModel


class Gates(FrozenModel):
    """How well the part was seen, in the pixels that were judged; null where it is not known."""

    focus: float | None = Field(
        None, ge=0, description="Fine detail over coarse detail: the sharper the higher"
    )
    brightness: float | None = Field(None, ge=0, le=255, description="Mean grey level, 0 to 255")
    contrast: float | None = Field(
        None, ge=0, description="Standard deviation of the grey levels, 0 to 127.5"
    )
    pose: float | None = Field(None, description="Agreement with the taught pose, -1 to 1")


class Usual(FrozenModel):
    """What good parts measured in teaching, and how far from it a part may be."""

    low: float = Field(description="Below this a part was not seen as those taught were")
    middle: float = Field(description="Median over the good parts")
    high: float = Field(description="Above this a part was not seen as those taught were")

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if not self.low <= self.middle <= self.high:
            raise ValueError("low, middle and high are not in this order")
        return self


class TaughtGates(FrozenModel):
    """How the good parts were seen that a model was taught on."""

    images: int = Field(ge=1, description="How many were measured")
    focus: Usual
    brightness: Usual
    contrast: Usual


GateOutcome = Literal["review", "fail", "ignore"]


class GateRules(FrozenModel):
    """What becomes of a part that was not seen as the good ones of teaching were."""

    focus: GateOutcome = Field("review", description="A blurred frame: a dirty lens, a loose one")
    brightness: GateOutcome = Field("review", description="Too dark or too bright: the lamp")
    contrast: GateOutcome = Field("review", description="Too flat or too hard: haze, stray light")
    leeway: float = Field(
        1.0,
        gt=0,
        le=10,
        description="How far from the usual a part may be, as a multiple of what teaching allows",
    )
