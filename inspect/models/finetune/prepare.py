"""What is to be taught from, looked at and parted, before any training."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ...core.counted import counted
from ...core.identity import Sha256, digest
from ...datasets.labels.boxes import BoxDataset
from ...datasets.labels.split import Parted, part
from ...datasets.labels.yolo import lines_of
from ..progress import OnProgress
from .survey import Seen, survey, without_twins


@dataclass(frozen=True, slots=True)
class Prepared:
    """Images on their sides, the classes of their boxes, and what was seen in each."""

    parted: Parted
    classes: tuple[str, ...]
    seen: Mapping[Path, Seen]

    @property
    def sha256(self) -> Sha256:
        """The digest of images and labels, each on its side."""
        sides = (("train", self.parted.train), ("val", self.parted.val))
        lines = (
            f"{side} {self.seen[image.path].sha256} {lines_of(image)}"
            for side, images in sides
            for image in images
        )
        return digest("\n".join(sorted(lines)).encode())

    def __str__(self) -> str:
        train, val = len(self.parted.train), len(self.parted.val)
        said = f"{counted(train, 'image')} to teach from, {val} to measure on"
        if self.parted.shared:
            return f"{said}; some are on both sides, so that the figures promise nothing"
        return f"{said}, by the data set's own split" if self.parted.own else said


def prepare(data: BoxDataset, seed: int, on_progress: OnProgress) -> Prepared:
    """Look at every image and part them. Raises DatasetError for what cannot be taught from."""
    seen = survey(data.images, on_progress)
    single = replace(data, images=without_twins(data.images, seen))
    return Prepared(part(single, seed), data.classes, seen)
