"""What a station answers to a command: the payload of `reply`."""

import base64
import binascii
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter

from .clock import Moment
from .delivery import Count, StationMode
from .frozen import FrozenModel
from .recipe import RecipeRef

SCHEMA: Literal["edgeinspect.reply/1"] = "edgeinspect.reply/1"
MAX_SNAPSHOT_BYTES = 1_000_000


def _is_base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("it is no base64") from None
    return text


Base64 = Annotated[
    str, StringConstraints(max_length=MAX_SNAPSHOT_BYTES * 4 // 3 + 4), AfterValidator(_is_base64)
]


class Picture(FrozenModel):
    """A frame as a JPEG of at most 1 MB; a larger one is halved until it fits."""

    captured_at: Moment
    width: int = Field(ge=1, description="Of the JPEG, in pixels")
    height: int = Field(ge=1, description="Of the JPEG, in pixels")
    jpeg_base64: Base64

    @property
    def jpeg(self) -> bytes:
        """The bytes of the JPEG file."""
        return base64.b64decode(self.jpeg_base64)


class Standing(FrozenModel):
    """What a station was doing when it answered."""

    mode: StationMode
    reason: str | None = Field(None, max_length=300)
    since: Moment
    frames: Count = Field(description="Frames taken since this run of the station began")
    recipe: RecipeRef | None = Field(None, description="What parts are inspected by")


class Done(FrozenModel):
    """The station did what it was asked."""

    schema_: Literal["edgeinspect.reply/1"] = Field(SCHEMA, alias="schema")
    outcome: Literal["done"] = "done"
    id: UUID = Field(description="The command's id")
    station: Standing
    text: str | None = Field(None, max_length=500, description="What else is to be known")
    picture: Picture | None = Field(None, description="What a snapshot shows")


class Refused(FrozenModel):
    """The station did not do what it was asked."""

    schema_: Literal["edgeinspect.reply/1"] = Field(SCHEMA, alias="schema")
    outcome: Literal["refused"] = "refused"
    id: UUID | None = Field(description="The command's id; null when it could not be read")
    text: str = Field(max_length=500, description="Why, in a sentence")


Reply = Annotated[Done | Refused, Field(discriminator="outcome")]
REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)
