"""What is known about a part beyond its picture: the thread of its genealogy."""

from typing import Annotated

from pydantic import Field, StringConstraints

from .frozen import FrozenModel

Label = Annotated[str, StringConstraints(min_length=1, max_length=128, strip_whitespace=True)]


class PartContext(FrozenModel):
    """Where a part comes from; every field may be unknown."""

    serial: Label | None = Field(None, description="Serial number read from the part")
    lot: Label | None = Field(None, description="Lot the part belongs to")
    material_lots: tuple[Label, ...] = Field((), max_length=32, description="Lots of its materials")
    step: Label | None = Field(None, description="Production step the station stands behind")
    machine: Label | None = Field(None, description="Machine that made the part")
    operator: Label | None = Field(None, description="Person at the machine")
    shift: Label | None = Field(None, description="Shift the part was made in")
    order: Label | None = Field(None, description="Production order")
