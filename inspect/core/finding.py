"""One defect in one part."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from .frozen import FrozenModel

BoxPx = tuple[
    Annotated[float, Field(ge=0)],
    Annotated[float, Field(ge=0)],
    Annotated[float, Field(ge=0)],
    Annotated[float, Field(ge=0)],
]
"""Left, top, right, bottom in pixels of the frame; right and bottom lie outside the box."""


def touch(one: BoxPx, other: BoxPx) -> bool:
    """Say whether two boxes share an area, be it ever so small."""
    (left, top, right, bottom), (x1, y1, x2, y2) = one, other
    return x1 < right and left < x2 and y1 < bottom and top < y2


class Finding(FrozenModel):
    """One defect: its class, how strongly the model believes in it, and where it is."""

    class_name: str = Field("anomaly", alias="class", max_length=64, description="Defect class")
    score: float = Field(
        description="The model's score of this finding, on the scale of the part's score; "
        "of one place, so it may be higher than the part's or lower"
    )
    box_px: BoxPx = Field(description="Left, top, right, bottom in pixels of the frame")
    area_px: float | None = Field(None, ge=0, description="Area in pixels of the frame")
    length_px: float | None = Field(
        None, ge=0, description="Longest extent in pixels of the frame, in any direction"
    )
    area_mm2: float | None = Field(None, ge=0, description="Area, when the recipe is calibrated")
    length_mm: float | None = Field(None, ge=0, description="Length, when the recipe is calibrated")
    zone: str | None = Field(None, max_length=64, description="Named zone of the part it lies in")

    @model_validator(mode="after")
    def _box_has_an_inside(self) -> Self:
        left, top, right, bottom = self.box_px
        if right <= left or bottom <= top:
            raise ValueError(f"box_px {self.box_px} is empty: right and bottom must be larger")
        return self

    def measured(self, mm_per_px: float) -> Self:
        """Return the finding with its area and length in millimetres too."""
        return self.model_copy(
            update={
                "area_mm2": None if self.area_px is None else self.area_px * mm_per_px**2,
                "length_mm": None if self.length_px is None else self.length_px * mm_per_px,
            }
        )
