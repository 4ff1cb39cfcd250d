"""Finds the image that a label file means, wherever in the data set's folder it lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from ...core.errors import DatasetError
from .places import images_below


@dataclass(frozen=True, slots=True)
class ImageIndex:
    """The images below `root` by their names; none outside it is ever found."""

    root: Path
    by_name: Mapping[str, tuple[Path, ...]]

    @classmethod
    def of(cls, root: Path) -> Self:
        """Look through a folder."""
        by_name: dict[str, tuple[Path, ...]] = {}
        for path in images_below(root):
            by_name[path.name] = (*by_name.get(path.name, ()), path)
        return cls(root, by_name)

    def find(self, said: str, beside: Path, where: str) -> Path:
        """Return the image called `said`: beside the label file, else the only one that fits.

        Raises DatasetError, naming `where`, when there is none, or several.
        """
        parts = PurePosixPath(said.replace("\\", "/")).parts
        candidates = self.by_name.get(parts[-1], ()) if parts else ()
        if beside.joinpath(*parts) in candidates:
            return beside.joinpath(*parts)
        fitting = [path for path in candidates if path.parts[-len(parts) :] == parts]
        found = fitting or [*candidates]
        if not found:
            raise DatasetError(f"{where}: the image '{said}' is not in {self.root}; add it.")
        if len(found) > 1:
            raise DatasetError(
                f"{where}: '{said}' may be {found[0]} or {found[1]}; give each its own name."
            )
        return found[0]
