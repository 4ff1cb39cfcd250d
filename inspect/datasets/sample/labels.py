"""The sample's folder: which file shows what, and `labels.json`, which says so."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .defects import CLASSES
from .geometry import HEIGHT_PX, WIDTH_PX
from .part import GRADES, Box, Defect

LABELS = "labels.json"
UNFINISHED = "labels.json.tmp"
"""Becomes `LABELS` when all pictures are there; marks a broken-off run as ours until then."""
GENERATOR = "edgeinspect dataset sample"
VERSION = 1
"""Raised when the same seed begins to give other pictures."""

_PICTURE = re.compile(
    rf"(train|test)/(good|{'|'.join(CLASSES)})/\d{{3,}}\.jpg"
    rf"|ground_truth/({'|'.join(CLASSES)})/\d{{3,}}_mask\.png"
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture to be made: the part's index, its file without ending, its defect if any."""

    index: int
    split: str
    number: int
    defect: Defect | None

    @property
    def class_name(self) -> str:
        """Class as MVTec AD's folders have it: `good` or the defect's name."""
        return self.defect.name if self.defect else "good"

    @property
    def file(self) -> str:
        """Image file, relative to the sample's folder."""
        return f"{self.split}/{self.class_name}/{self.number:03d}.jpg"

    @property
    def mask_file(self) -> str | None:
        """Mask file of a defective part, relative to the sample's folder."""
        return f"ground_truth/{self.class_name}/{self.number:03d}_mask.png" if self.defect else None


@dataclass(frozen=True, slots=True)
class SampleImage:
    """One picture that was made: what it shows, the part's serial, boxes of its defects in px."""

    shot: Shot
    serial: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class SampleSet:
    """A sample as it lies in its folder."""

    folder: Path
    seed: int
    images: tuple[SampleImage, ...]


def shots(good: int, defective: int) -> Iterator[Shot]:
    """List a sample's pictures: 3 in 4 good parts to learn from, classes and grades in turn."""
    learned = good * 3 // 4
    for index in range(good):
        split, number = ("train", index) if index < learned else ("test", index - learned)
        yield Shot(index, split, number, None)
    for turn in range(defective):
        number, place = divmod(turn, len(CLASSES))
        defect = Defect(CLASSES[place], GRADES[number % len(GRADES)])
        yield Shot(good + turn, "test", number, defect)


def is_sample(folder: Path) -> bool:
    """Say whether `folder` was made by this generator, be it only in part."""
    return any(_ours(folder / name) for name in (LABELS, UNFINISHED))


def _ours(path: Path) -> bool:
    try:
        labels = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(labels, dict) and labels.get("generator") == GENERATOR


def is_picture(relative: Path) -> bool:
    """Say whether a file in a sample's folder is named as the generator names its pictures."""
    return _PICTURE.fullmatch(relative.as_posix()) is not None


def labels_json(seed: int, images: tuple[SampleImage, ...]) -> str:
    """Write out the labels, an image a line."""
    head = {
        "generator": GENERATOR,
        "version": VERSION,
        "seed": seed,
        "width_px": WIDTH_PX,
        "height_px": HEIGHT_PX,
    }
    lines = ",\n".join("    " + json.dumps(_label(image)) for image in images)
    opening = json.dumps(head, indent=2).removesuffix("\n}")
    return f'{opening},\n  "images": [\n{lines}\n  ]\n}}\n'


def _label(image: SampleImage) -> dict[str, Any]:
    return {
        "file": image.shot.file,
        "mask": image.shot.mask_file,
        "serial": image.serial,
        "class": image.shot.class_name,
        "grade": image.shot.defect.grade if image.shot.defect else None,
        "boxes": image.boxes,
    }
