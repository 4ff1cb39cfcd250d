"""The images of a data set to evaluate on, whether they lie by class or have boxes drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...datasets.images import is_image
from ...datasets.labels.boxes import BoxDataset, BoxedImage, Split
from ...datasets.labels.corners import PATTERN_FOLDERS
from ...datasets.labels.read import Form, has_labels, read_boxes
from ...datasets.labels.unlabelled import Unlabelled
from ...datasets.layout import (
    GOOD,
    LabelledImage,
    has_class_folders,
    plain_or_by_class,
    test_images,
)
from .defects import TrueBox


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Labelled images, and the boxes drawn in each; None where no boxes were drawn at all."""

    images: tuple[LabelledImage, ...]
    boxes: Mapping[Path, tuple[TrueBox, ...]] | None


@dataclass(frozen=True, slots=True)
class Reading:
    """How labels are to be read: their form, the names of the classes, and what has no label."""

    form: Form | None = None
    names: tuple[str, ...] = ()
    unlabelled: Unlabelled = Unlabelled.REFUSE


def labelled_set(folder: Path, reading: Reading) -> LabelledSet:
    """Return the images of `folder` to evaluate on.

    Those laid out by class are read so, unless a form of labels is asked for. Of labels with
    boxes the split for testing is taken, else that for validation, else all. Raises DatasetError
    for a folder with neither, or labels that are wrong.
    """
    by_class = has_class_folders(folder) or not has_labels(folder)
    if by_class and reading.form is None:
        return LabelledSet(test_images(folder), None)
    data = read_boxes(folder, form=reading.form, names=reading.names, unlabelled=reading.unlabelled)
    boxed = data.of(Split.TEST) or data.of(Split.VAL) or data.images
    images = {each.path: _labelled(each, data) for each in boxed}
    twins = {path: LabelledImage(path, GOOD) for path in _good_twins(boxed)}
    return LabelledSet(
        tuple(images.values()) + tuple(twins.values()),
        {each.path: _true_boxes(each, data) for each in boxed},
    )


def judged_images(folder: Path) -> tuple[LabelledImage, ...]:
    """Return the images of `folder` to choose a threshold by; those of a plain folder are good.

    Raises DatasetError for a folder that has none.
    """
    if has_class_folders(folder) or has_labels(folder):
        return labelled_set(folder, Reading()).images
    return plain_or_by_class(folder)


def _labelled(image: BoxedImage, data: BoxDataset) -> LabelledImage:
    classes = tuple(sorted({data.classes[box.class_index] for box in image.boxes}))
    return LabelledImage(image.path, " + ".join(classes) or GOOD, classes=classes)


def _true_boxes(image: BoxedImage, data: BoxDataset) -> tuple[TrueBox, ...]:
    return tuple(TrueBox(data.classes[box.class_index], box.box_px) for box in image.boxes)


def _good_twins(images: Sequence[BoxedImage]) -> list[Path]:
    """Return the defect-free patterns of the same parts, which lie in a folder beside theirs."""
    beside = sorted({each.path.parent.parent for each in images})
    folders = [parent / name for parent in beside for name in sorted(PATTERN_FOLDERS)]
    stems = {each.path.stem for each in images}
    return [
        path
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if is_image(path) and path.stem in stems
    ]
