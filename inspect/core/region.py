"""The part of a frame that a model judges."""

from itertools import combinations
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .frozen import FrozenModel

LEAST_SIDE_PX = 16
MOST_CORNERS = 64

_Px = Annotated[int, Field(ge=0, le=65_535)]
CornerPx = tuple[_Px, _Px]
"""Right and down in pixels, from the left upper corner of the frame."""
BoxPx = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


class Region(FrozenModel):
    """A polygon in frames of one size; what lies outside of it is neither taught nor judged."""

    kind: Literal["region/1"] = "region/1"
    frame_width_px: int = Field(ge=1, le=65_535, description="Of the frames it was drawn in")
    frame_height_px: int = Field(ge=1, le=65_535)
    corners_px: tuple[CornerPx, ...] = Field(
        min_length=3, max_length=MOST_CORNERS, description="Its corners, one after the other"
    )

    @property
    def box_px(self) -> BoxPx:
        """The upright box around it."""
        across, down = zip(*self.corners_px, strict=True)
        return min(across), min(down), max(across), max(down)

    @property
    def is_box(self) -> bool:
        """Whether it fills that box."""
        left, top, right, bottom = self.box_px
        box = {(left, top), (right, top), (right, bottom), (left, bottom)}
        return len(self.corners_px) == len(box) and set(self.corners_px) == box

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        left, top, right, bottom = self.box_px
        if right > self.frame_width_px or bottom > self.frame_height_px:
            raise ValueError(
                f"the region ends at {right},{bottom}, the frame at "
                f"{self.frame_width_px},{self.frame_height_px}; draw it inside"
            )
        if min(right - left, bottom - top) < LEAST_SIDE_PX:
            raise ValueError(f"a region is at least {LEAST_SIDE_PX} pixels wide and high")
        sides = list(zip(self.corners_px, self.corners_px[1:] + self.corners_px[:1], strict=True))
        if any(_cross(*one, *other) for one, other in combinations(sides, 2)):
            raise ValueError("the sides of the region cross; name its corners one after the other")
        return self


def _cross(a: CornerPx, b: CornerPx, c: CornerPx, d: CornerPx) -> bool:
    """Say whether the lines from `a` to `b` and from `c` to `d` cross between their ends."""
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: CornerPx, b: CornerPx, c: CornerPx) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
