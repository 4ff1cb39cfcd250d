"""Names that a person gives on the command line, and those that follow from a file's."""

import re
from pathlib import Path


def model_name(output: Path) -> str:
    """Return a file's name without what a model's name may not hold."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", output.stem).strip("-._")[:64] or "model"


def names_of(said: str) -> tuple[str, ...]:
    """Return the names in a list by commas."""
    return tuple(name.strip() for name in said.split(",") if name.strip())
