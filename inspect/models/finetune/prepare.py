"""What is to be taught from, looked at and parted, before any training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...core.counted import counted
from ...core.identity import Sha256, digest
from ...core.region import CornerPx, Region
from ...datasets.labels.boxes import BoxDataset
from ...datasets.labels.split import Parted, part
from ...datasets.labels.yolo import lines_of
from ..progress import OnProgress
from .in_region import in_region, region_of
from .survey import Seen, survey, without_twins


@dataclass(frozen=True, slots=True)
class Prepared:
    """Images on their sides, the classes of their boxes, and what was seen in each.

    With a region the boxes are those in it, in pixels of the whole image.
    """

    parted: Parted
    classes: tuple[str, ...]
    seen: Mapping[Path, Seen]
    region: Region | None = None

    @property
    def sha256(self) -> Sha256:
        """The digest of images and labels, each on its side, and of the region."""
        sides = (("train", self.parted.train), ("val", self.parted.val))
        lines = (
            f"{side} {self.seen[image.path].sha256} {lines_of(image)}"
            for side, images in sides
            for image in images
        )
        region = () if self.region is None else (self.region.model_dump_json(),)
        return digest("\n".join((*sorted(lines), *region)).encode())

    def __str__(self) -> str:
        train, val = len(self.parted.train), len(self.parted.val)
        said = f"{counted(train, 'image')} to teach from, {val} to measure on"
        if self.parted.shared:
            return f"{said}; some are on both sides, so that the figures promise nothing"
        return f"{said}, by the data set's own split" if self.parted.own else said


def prepare(
    data: BoxDataset, seed: int, region_px: Sequence[CornerPx], on_progress: OnProgress
) -> Prepared:
    """Look at every image and part them. Raises DatasetError for what cannot be taught from,
    ModelError for corners that are no region.
    """
    seen = survey(data.images, on_progress)
    single = without_twins(data.images, seen)
    region = region_of(data, region_px)
    if region is not None:
        single = tuple(in_region(image, region) for image in single)
    return Prepared(part(replace(data, images=single), seed), data.classes, seen, region)
