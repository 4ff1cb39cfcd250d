"""What a recipe says of serials: which codes carry them, and what becomes of a part without one."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .frozen import FrozenModel

_Px = Annotated[int, Field(ge=0, le=65_535)]
LEAST_REGION_PX = 16


class Code(StrEnum):
    """A kind of code that a reader knows."""

    DATAMATRIX = "datamatrix"
    QR = "qr"
    CODE128 = "code128"


class SerialRules(FrozenModel):
    """Where a part's serial is read, and what becomes of a part that has none."""

    codes: tuple[Code, ...] = Field(
        (Code.DATAMATRIX,),
        max_length=len(Code),
        description="Codes that carry the serial: `datamatrix`, `qr`, `code128`; an empty list "
        "reads none",
    )
    region_px: tuple[_Px, _Px, _Px, _Px] | None = Field(
        None,
        description="Left, top, right, bottom of where in the frame the code is; there small and "
        "faint ones are read too",
    )
    unread: Literal["made", "review"] = Field(
        "made", description="A part without a serial goes by an id that is made, or to review"
    )
    repeated: Literal["allow", "review"] = Field(
        "allow",
        description="A serial that the station inspected before, among its last 10,000: nothing, "
        "for rework is that, or review",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if len(set(self.codes)) < len(self.codes):
            raise ValueError("codes names one twice; name each once")
        if self.region_px is not None:
            left, top, right, bottom = self.region_px
            if min(right - left, bottom - top) < LEAST_REGION_PX:
                raise ValueError(
                    "region_px is left, top, right, bottom, "
                    f"at least {LEAST_REGION_PX} pixels wide and high"
                )
        return self
