"""Images that lie among labelled ones and have no label: nobody said whether the part is good."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from ...core.errors import DatasetError
from ..images import is_image
from .boxes import BoxDataset, BoxedImage
from .places import size_of


class Unlabelled(StrEnum):
    """What becomes of them."""

    REFUSE = "refuse"
    GOOD = "good"
    SKIP = "skip"


def unlabelled_beside(labelled: Sequence[BoxedImage]) -> tuple[BoxedImage, ...]:
    """Return the other images in the folders of `labelled`, each of its folder's split."""
    known = {image.path for image in labelled}
    splits = {image.path.parent: image.split for image in labelled}
    return tuple(
        BoxedImage(path, *size_of(path), (), split)
        for folder, split in sorted(splits.items())
        for path in sorted(folder.iterdir())
        if is_image(path) and path not in known
    )


def settled(data: BoxDataset, wanted: Unlabelled) -> BoxDataset:
    """Return the data set with its unlabelled images left aside, or taken for good parts.

    Raises DatasetError, naming the first, when they are to be refused.
    """
    if not data.unlabelled or wanted is Unlabelled.SKIP:
        return data
    if wanted is Unlabelled.REFUSE:
        raise DatasetError(
            f"{data.unlabelled[0].path}: has no label, as {len(data.unlabelled)} of the images; "
            "label them, or say with --unlabelled good that those parts are good, or skip them."
        )
    return replace(data, images=data.images + data.unlabelled, unlabelled=())
