"""Defects that people marked, by mask or by box, to learn their classes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..core.errors import DatasetError
from .doubles import find_doubles, twins
from .images import read_image
from .labels.boxes import BoxedImage
from .labels.read import Form, has_labels, read_boxes
from .labels.unlabelled import Unlabelled
from .layout import LabelledImage, test_images

UNKNOWN = "unknown"
"""What a finding of no known class is called; so no class may have that name."""
MOST_CLASSES = 64


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Files that nothing is learned from, and why: "they ..."."""

    why: str
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class MarkedDefects:
    """Images with their marked defects, and the classes in the order of their numbers; of every
    class a defect is marked.

    An image has a mask for defects of one class, or boxes of any. Every picture is there once,
    and images without a defect are not among them.
    """

    classes: tuple[str, ...]
    images: tuple[LabelledImage | BoxedImage, ...]
    left_out: tuple[LeftOut, ...] = ()


def marked_defects(
    folder: Path, names: Sequence[str] = (), form: Form | None = None
) -> MarkedDefects:
    """Read marked defects: `test/CLASS` with masks in `ground_truth/CLASS`, or boxes in any form
    of labels; `names` are the classes of boxes, in the order of their numbers.

    Raises DatasetError when there are none, a mark is missing or wrong, or one picture is marked
    in two ways, and ImageError for a mask that cannot be read.
    """
    has_masks = (folder / "ground_truth").is_dir()
    if folder.is_dir() and not has_masks and not has_labels(folder):
        raise DatasetError(
            f"{folder}: no defect is marked in it; add masks as ground_truth/CLASS/NAME_mask.png, "
            "or drawn boxes in the form of YOLO, COCO, Pascal VOC or text files in a folder labels."
        )
    if has_masks and (names or form):
        raise DatasetError(
            f"{folder}: defects are marked by masks, whose folders name the classes; "
            f"leave {'--classes' if names else '--labels'} out."
        )
    marked = _with_masks(folder) if has_masks else _with_boxes(folder, names, form)
    if not marked.images:
        raise DatasetError(f"{folder}: no defect is marked in it; mark at least one.")
    if UNKNOWN in marked.classes:
        raise DatasetError(f"{folder}: no class may be called '{UNKNOWN}'; give it another name.")
    if len(marked.classes) > MOST_CLASSES:
        raise DatasetError(
            f"{folder}: {len(marked.classes)} classes are more than {MOST_CLASSES}; merge some."
        )
    return marked


def _with_masks(folder: Path) -> MarkedDefects:
    labelled = test_images(folder)
    doubles = find_doubles(labelled)
    doubles.check_one_label()
    defective = [image for image in labelled if not image.is_good]
    mask_of = {image.path: _mask_of(image) for image in defective}
    copies = [path for path in doubles.copies if path in mask_of]
    for group in doubles.repeated:
        _check_same_mask([path for path in group if path in mask_of], mask_of)
    blank = [path for path, mask in mask_of.items() if not read_image(mask).any()]
    unused = {*copies, *blank}
    images = tuple(image for image in defective if image.path not in unused)
    left_out = _left_out({"their masks mark nothing": blank, "they are copies of others": copies})
    return MarkedDefects(tuple(sorted({image.label for image in images})), images, left_out)


def _mask_of(image: LabelledImage) -> Path:
    if image.mask is None:
        raise DatasetError(
            f"{image.path}: has no mask; draw it as "
            f"ground_truth/{image.label}/{image.path.stem}_mask.png, or remove the image."
        )
    return image.mask


def _check_same_mask(group: Sequence[Path], mask_of: Mapping[Path, Path]) -> None:
    for path in group[1:]:
        if not np.array_equal(read_image(mask_of[group[0]]), read_image(mask_of[path])):
            raise DatasetError(_marked_otherwise(path, group[0]))


def _with_boxes(folder: Path, names: Sequence[str], form: Form | None) -> MarkedDefects:
    data = read_boxes(folder, form=form, names=names, unlabelled=Unlabelled.SKIP)
    single = {image.path: image for image in data.images}
    copies = []
    for first, *others in twins(tuple(single)):
        for path in others:
            if single[path].boxes != single[first].boxes:
                raise DatasetError(_marked_otherwise(path, first))
            del single[path]
            copies.append(path)
    images = [image for image in single.values() if image.boxes]
    present = sorted({box.class_index for image in images for box in image.boxes})
    number_of = {index: number for number, index in enumerate(present)}
    unlabelled = [image.path for image in data.unlabelled]
    return MarkedDefects(
        tuple(data.classes[index] for index in present),
        tuple(_renumbered(image, number_of) for image in images),
        _left_out({"they have no label": unlabelled, "they are copies of others": copies}),
    )


def _renumbered(image: BoxedImage, number_of: Mapping[int, int]) -> BoxedImage:
    boxes = (replace(box, class_index=number_of[box.class_index]) for box in image.boxes)
    return replace(image, boxes=tuple(boxes))


def _marked_otherwise(path: Path, first: Path) -> str:
    return f"{path}: the same picture as {first}, marked otherwise; keep the one marked right."


def _left_out(why: Mapping[str, Sequence[Path]]) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(each, tuple(paths)) for each, paths in why.items() if paths)
