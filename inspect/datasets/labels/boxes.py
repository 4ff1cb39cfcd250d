"""A data set of boxes, as every form of labels is read into."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ...core.finding import BoxPx


class Split(StrEnum):
    """What the images of a data set's own split are for."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class LabelledBox:
    """One defect: the index of its class, and left, top, right, bottom in pixels of the image.

    Right and bottom lie outside the box. `where` says where the label stands, for messages.
    """

    class_index: int
    box_px: BoxPx
    where: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class BoxedImage:
    """An image file with all its defects; without boxes the part in it is good."""

    path: Path
    width_px: int
    height_px: int
    boxes: tuple[LabelledBox, ...]
    split: Split | None = None


@dataclass(frozen=True, slots=True)
class BoxDataset:
    """Images, classes and boxes; `unlabelled` images lie among them without a word about them.

    An image that the folder's own split names twice is in `images` twice.
    """

    form: str
    classes: tuple[str, ...]
    images: tuple[BoxedImage, ...]
    unlabelled: tuple[BoxedImage, ...] = ()

    def of(self, *splits: Split | None) -> tuple[BoxedImage, ...]:
        """Return the images of these splits."""
        return tuple(image for image in self.images if image.split in splits)
