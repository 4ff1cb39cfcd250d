"""Defects that people marked, by mask or by box, to learn their classes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..core.errors import DatasetError
from .images import read_image
from .labels.boxes import BoxedImage
from .labels.read import read_boxes
from .labels.unlabelled import Unlabelled
from .layout import LabelledImage, test_images

UNKNOWN = "unknown"
"""What a finding of no known class is called; so no class may have that name."""
MOST_CLASSES = 64


@dataclass(frozen=True, slots=True)
class MarkedDefects:
    """Images with their marked defects, and the classes in the order of their numbers; of every
    class a defect is marked.

    An image has a mask for defects of one class, or boxes of any. Images without a defect are
    not among them, nor are those of `blank` masks, which mark nothing.
    """

    classes: tuple[str, ...]
    images: tuple[LabelledImage | BoxedImage, ...]
    blank: tuple[Path, ...] = ()


def marked_defects(folder: Path, names: Sequence[str] = ()) -> MarkedDefects:
    """Read marked defects: `test/CLASS` with masks in `ground_truth/CLASS`, or boxes in any form
    of labels; `names` are the classes of boxes, in the order of their numbers.

    Raises DatasetError when there are none, or a mark is missing or wrong, and ImageError for a
    mask that cannot be read.
    """
    has_masks = (folder / "ground_truth").is_dir()
    if has_masks and names:
        raise DatasetError(
            f"{folder}: defects are marked by masks, whose folders name the classes; "
            "leave --classes out."
        )
    marked = _with_masks(folder) if has_masks else _with_boxes(folder, names)
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
    defective = [image for image in test_images(folder) if not image.is_good]
    blank = tuple(mask for image in defective if _is_blank(mask := _mask_of(image)))
    images = tuple(image for image in defective if image.mask not in blank)
    return MarkedDefects(tuple(sorted({image.label for image in images})), images, blank)


def _mask_of(image: LabelledImage) -> Path:
    if image.mask is None:
        raise DatasetError(
            f"{image.path}: has no mask; draw it as "
            f"ground_truth/{image.label}/{image.path.stem}_mask.png, or remove the image."
        )
    return image.mask


def _is_blank(mask: Path) -> bool:
    """Say whether a mask marks nothing. Raises ImageError when it cannot be read."""
    return not read_image(mask).any()


def _with_boxes(folder: Path, names: Sequence[str]) -> MarkedDefects:
    data = read_boxes(folder, names=names, unlabelled=Unlabelled.SKIP)
    images = [image for image in data.images if image.boxes]
    present = sorted({box.class_index for image in images for box in image.boxes})
    number_of = {index: number for number, index in enumerate(present)}
    return MarkedDefects(
        tuple(data.classes[index] for index in present),
        tuple(_renumbered(image, number_of) for image in images),
    )


def _renumbered(image: BoxedImage, number_of: Mapping[int, int]) -> BoxedImage:
    boxes = (replace(box, class_index=number_of[box.class_index]) for box in image.boxes)
    return replace(image, boxes=tuple(boxes))
