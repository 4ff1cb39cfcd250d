"""What a model keeps of how its parts look upright, so that each is turned like those taught on."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Base64Bytes, Field

from .frozen import FrozenModel

WINDOW_PX = 96
"""Rows and columns of the views that are compared."""
VIEWS = 3
OUTLINE_PX = 64
"""Rows and columns of the outline that is judged."""


def _of_size(size: int) -> AfterValidator:
    def check(content: bytes) -> bytes:
        if len(content) != size:
            raise ValueError(f"{len(content)} bytes, not {size}")
        return content

    return AfterValidator(check)


Share = Annotated[float, Field(gt=0, le=2)]
Views = Annotated[Base64Bytes, _of_size(WINDOW_PX * WINDOW_PX * VIEWS)]
"""uint8 (WINDOW_PX, WINDOW_PX, VIEWS), in 64ths around 128."""
Outline = Annotated[Base64Bytes, _of_size(OUTLINE_PX * OUTLINE_PX)]
"""uint8 (OUTLINE_PX, OUTLINE_PX)."""


class Edges(StrEnum):
    """Which edges of the frame show background: the others may show rails or fixtures."""

    ALL = "all"
    SIDES = "sides"
    ENDS = "ends"


class Crop(FrozenModel):
    """The upright rectangle that is judged: its centre from the part's centre, its size, its turn.

    Lengths are shares of the frame's longer side.
    """

    right: float = Field(ge=-1, le=1)
    down: float = Field(ge=-1, le=1)
    width: Share
    height: Share
    turn_deg: float = Field(ge=-360, le=360, description="Clockwise, from the template's upright")


class Uprighting(FrozenModel):
    """How a part is found in a frame, turned upright and cut out before it is judged."""

    kind: Literal["upright/1"] = "upright/1"
    edges: Edges
    turns: bool = Field(description="Whether parts are turned, or only centred")
    window: Share = Field(description="Side of the square compared, share of the longer side")
    crop: Crop
    outline: Outline = Field(
        description="Where in the crop parts lie, 0 to 255: the rest is painted as background"
    )
    least_agreement: float = Field(
        ge=-1, le=1, description="Correlation with the template below which a part is reviewed"
    )
    least_area: float = Field(ge=0, le=1, description="Share of the frame a part covers at least")
    most_area: float = Field(ge=0, le=1)
    template: Views = Field(description="How good parts look: relief, outline, edges")
    light: Views = Field(description="What all of them show however they lie; is left out")
