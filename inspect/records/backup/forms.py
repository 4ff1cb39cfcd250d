"""What a backup says of itself, first and last."""

from typing import Annotated, Literal

from pydantic import Field

from ...core.clock import Moment
from ...core.frozen import FrozenModel

FORMAT: Literal["edgeinspect.backup/1"] = "edgeinspect.backup/1"
HEADER, MANIFEST = "header.json", "manifest.json"
Count = Annotated[int, Field(ge=0, lt=2**53)]
TableName = Annotated[str, Field(pattern=r"^[a-z_]{1,48}$")]


class TableForm(FrozenModel):
    """One table, and its columns in the order of the rows."""

    name: TableName
    columns: tuple[Annotated[str, Field(pattern=r"^[a-z_0-9]{1,63}$")], ...]


class Header(FrozenModel):
    """The first file of a backup: what it is, and of which schema its rows are."""

    format: Literal["edgeinspect.backup/1"] = FORMAT
    made_at: Moment
    made_by: str = Field(max_length=64, description="Version of EdgeInspect")
    revision: str = Field(max_length=32, description="Schema of the rows")
    tables: tuple[TableForm, ...] = Field(max_length=64)


class Manifest(FrozenModel):
    """The last file of a backup: what must have been found in it."""

    files: Count = Field(description="Files listed in sums/, each with its digest")
    bytes: Count = Field(description="Size of these files together")
    images: Count
    rows: dict[TableName, Count]
