"""What findings are called."""

from dataclasses import dataclass
from typing import Self

from ..core.manifest import ModelManifest


@dataclass(frozen=True, slots=True)
class Naming:
    """What the classes of an answer are called, and which of them are of good parts."""

    classes: tuple[str, ...] = ("anomaly",)
    good: tuple[str, ...] = ()

    @classmethod
    def of(cls, manifest: ModelManifest) -> Self:
        """Take the names a model has."""
        return cls(manifest.classes, manifest.good_classes)

    def __getitem__(self, index: int) -> str:
        """Return a class's name; a number that has none is said as such."""
        return self.classes[index] if 0 <= index < len(self.classes) else f"class-{index}"


ANOMALY = Naming()
