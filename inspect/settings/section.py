"""What every part of the settings is."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _not_blank(value: Any) -> Any:
    if isinstance(value, str) and not value.strip():
        raise ValueError("it is empty: name a file or folder, or leave the key out")
    return value


NamedPath = Annotated[Path, BeforeValidator(_not_blank)]
"""A path; the empty text, which would mean the working folder, is refused."""


class Section(BaseModel):
    """Immutable, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
