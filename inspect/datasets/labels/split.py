"""Which images a detector is taught from, and which tell when to stop and how good it is."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from ...core.counted import counted
from ...core.errors import DatasetError
from .boxes import BoxDataset, BoxedImage, Split

VAL_SHARE = 0.2
LEAST_IMAGES = 8
"""With fewer, neither side of the split can show anything."""


@dataclass(frozen=True, slots=True)
class Parted:
    """Images to teach from and images to measure on; `shared` when some are on both sides."""

    train: tuple[BoxedImage, ...]
    val: tuple[BoxedImage, ...]
    shared: bool
    own: bool
    """Whether the data set came with this split."""


def part(data: BoxDataset, seed: int) -> Parted:
    """Part the images: by the data set's own split where it has one, else by `seed`.

    Images for testing are left out. Raises DatasetError when there are too few.
    """
    train, val = data.of(Split.TRAIN, None), data.of(Split.VAL)
    if not train and val:
        train, val = val, ()
    own = bool(val)
    if not own:
        _check_enough(train)
        train, val = _dealt(train, seed)
    if not any(image.boxes for image in train):
        raise DatasetError(
            "none of the images to teach from has a box; label some defects, or teach from good "
            "parts alone with `edgeinspect teach`."
        )
    shared = bool({image.path for image in train} & {image.path for image in val})
    return Parted(train, val, shared, own)


def _check_enough(images: Sequence[BoxedImage]) -> None:
    if len(images) < LEAST_IMAGES:
        raise DatasetError(
            f"too few to fine-tune on, {counted(len(images), 'labelled image')}: label at least "
            f"{LEAST_IMAGES}, better 50 a class."
        )


def _dealt(
    images: Sequence[BoxedImage], seed: int
) -> tuple[tuple[BoxedImage, ...], tuple[BoxedImage, ...]]:
    """Deal a fifth to the second hand, but never the last image of a class."""
    order = list(images)
    random.Random(seed).shuffle(order)
    wanted = max(1, round(VAL_SHARE * len(order)))
    left = _counts(order)
    val: list[BoxedImage] = []
    for image in order:
        classes = {box.class_index for box in image.boxes}
        if len(val) < wanted and all(left[each] > 1 for each in classes):
            val.append(image)
            for each in classes:
                left[each] -= 1
    held = {image.path for image in val}
    return tuple(image for image in images if image.path not in held), tuple(val)


def _counts(images: Sequence[BoxedImage]) -> dict[int, int]:
    """Return in how many images each class is seen."""
    counts: dict[int, int] = {}
    for image in images:
        for each in {box.class_index for box in image.boxes}:
            counts[each] = counts.get(each, 0) + 1
    return counts
