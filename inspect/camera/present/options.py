"""How a part is seen to be there, as somebody writes it behind `present:`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ...core.address import parse_address
from ...core.errors import ImageError, SettingsError
from ...core.frame import Image
from ...datasets.images import read_image

Percent = Annotated[float, Field(ge=0, le=100)]
Inside = Annotated[float, Field(ge=1, le=99)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Which way parts move in the picture (`x` left or right, `y` up or down), and what one is.

    `line`, and the `band` that is looked at, are percent of the picture along and across that way.
    A part differs from the empty scene by `contrast` grey values at least, on `cover` percent of
    the band, and two parts stand `gap` percent of the picture apart. The empty scene is the picture
    `empty`, or learned in the first `learn_s` seconds in which nothing moves.
    """

    axis: Literal["x", "y"] = "x"
    line: Inside = 50.0
    band_from: Percent = 0.0
    band_to: Percent = 100.0
    contrast: Annotated[float, Field(ge=2, le=200)] = 12.0
    cover: Annotated[float, Field(ge=0.5, le=100)] = 5.0
    gap: Annotated[float, Field(ge=0.5, le=50)] = 2.0
    learn_s: Annotated[float, Field(ge=0.5, le=60)] = 2.0
    empty: Path | None = None

    def __post_init__(self) -> None:
        if self.band_to - self.band_from < 1:
            raise ValueError("band_to is less than 1 percent beyond band_from")


def parse_present(trigger: str) -> Present:
    """Return what is written in `present:axis=y` and the like; raises SettingsError."""
    address = parse_address(trigger, SettingsError)
    if address.kind != "present":
        raise SettingsError(f"{address.shown}: does not look at pictures; write present:?line=50.")
    return address.read_as(Present, None)


def empty_scene(present: Present) -> Image | None:
    """Return the picture of the empty scene, where one is named; raises SettingsError."""
    if present.empty is None:
        return None
    try:
        return read_image(present.empty)
    except ImageError as error:
        raise SettingsError(f"the empty scene of present: {error}") from None
