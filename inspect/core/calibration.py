"""What a camera's calibration says: how places in its pictures become millimetres on the part."""

from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator

from .frozen import FrozenModel

PointPx = tuple[float, float]
"""Right and down in pixels of the frame, from its left upper corner."""
Number = Annotated[float, Field(ge=-1e9, le=1e9)]
Homography = tuple[Number, Number, Number, Number, Number, Number, Number, Number, Number]
"""Row by row: (right, down, 1) in pixels times this are millimetres, times a third number."""


class Lens(FrozenModel):
    """How the lens draws, in OpenCV's model: pixels are counted from the middle of the first."""

    focal_px: tuple[Number, Number] = Field(description="Across and down")
    centre_px: PointPx = Field(description="Where the axis meets the picture")
    distortion: tuple[Number, Number, Number, Number] = Field(description="k1, k2, p1, p2")


class Calibration(FrozenModel):
    """Places in the frame as millimetres on the plane of the part.

    With `mm_per_px` alone every pixel is of one size: the camera looks straight down, and its lens
    does not bend. With `plane`, and `lens`, neither is asked of it.
    """

    mm_per_px: float = Field(gt=0, le=1000, description="Size of a pixel in the middle of the view")
    uncertainty: float = Field(
        0.0, ge=0, le=1, description="Standard uncertainty of a length, as a share of it"
    )
    place_mm: float = Field(
        0.0, ge=0, le=1000, description="Standard uncertainty of a place on the plane, in mm"
    )
    width_px: int | None = Field(
        None, ge=1, le=65_535, description="Of the frames it holds for; none for any size"
    )
    height_px: int | None = Field(None, ge=1, le=65_535, description="Likewise")
    lens: Lens | None = Field(None, description="None for one that bends nothing")
    plane: Homography | None = Field(
        None, description="From the frame without the lens' bending to mm on the part's plane"
    )
    rms_px: float | None = Field(
        None, ge=0, description="Root mean square of what the corners of the target were off by"
    )
    views: int = Field(1, ge=1, description="Pictures of the target it was made from")
    target: str = Field("", max_length=200, description="What was looked at")
    made_at: AwareDatetime | None = Field(None, description="When")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.width_px is None) != (self.height_px is None):
            raise ValueError("width_px and height_px belong together: name both, or neither")
        if self.lens is not None and self.plane is None:
            raise ValueError("a lens without a plane says nothing of lengths: calibrate again")
        if self.plane is not None and self.width_px is None:
            raise ValueError("a plane holds for frames of one size: calibrate again")
        return self

    def holds_for(self, width_px: int, height_px: int) -> bool:
        """Say whether frames of this size can be measured by it."""
        return self.width_px is None or (self.width_px, self.height_px) == (width_px, height_px)
