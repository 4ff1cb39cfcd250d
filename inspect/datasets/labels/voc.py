"""Labels as Pascal VOC keeps them: an XML file for each image, sides in pixels.

Sides are taken as they stand: many tools count pixels from 0, VOC itself from 1, and which is
never said. Folders are `Annotations` and `JPEGImages`, or both files lie together.
"""

from collections.abc import Sequence
from pathlib import Path

from ...core.errors import DatasetError
from .boxes import BoxDataset, BoxedImage, LabelledBox, Split
from .check import checked_box, checked_boxes, checked_classes, number_of
from .image_index import ImageIndex
from .places import image_beside, listed_names, names_file, read_text, size_of, split_by_folder
from .unlabelled import unlabelled_beside
from .voc_xml import SIDES, VocFile, VocObject, read_voc_file

FORM = "Pascal VOC"
_LISTS = {"train": Split.TRAIN, "val": Split.VAL, "test": Split.TEST}


def voc_files(root: Path) -> tuple[Path, ...]:
    """Return the XML files anywhere under `root`."""
    return tuple(sorted(path for path in root.rglob("*.xml") if path.is_file()))


def read_voc(root: Path, names: Sequence[str] = ()) -> BoxDataset:
    """Read a data set; `names` give the order of the classes. Raises DatasetError."""
    read = {path: read_voc_file(path) for path in voc_files(root)}
    classes = _classes(root, names, read)
    index, splits = ImageIndex.of(root), _splits(root)
    images = tuple(
        _boxed(path, file, classes, _image(path, file, index), splits.get(path.stem), root)
        for path, file in read.items()
    )
    return BoxDataset(FORM, classes, images, unlabelled_beside(images))


def _classes(root: Path, names: Sequence[str], read: dict[Path, VocFile]) -> tuple[str, ...]:
    listing = names_file(root)
    if names:
        return checked_classes(names, "--classes")
    if listing is not None:
        return checked_classes(listed_names(listing), str(listing))
    used = {each.name for file in read.values() for each in file.objects}
    return checked_classes(sorted(used), str(root)) if used else ()


def _splits(root: Path) -> dict[str, Split]:
    """Return the split of each image by its name, from `ImageSets/Main`."""
    splits: dict[str, Split] = {}
    for name, split in _LISTS.items():
        listing = root / "ImageSets" / "Main" / f"{name}.txt"
        if listing.is_file():
            lines = read_text(listing).splitlines()
            splits |= {line.split()[0]: split for line in lines if line.strip()}
    return splits


def _image(path: Path, file: VocFile, index: ImageIndex) -> Path:
    """Return the image: that of the same name nearby, else the one the file names."""
    for folder in (path.parent, path.parent.parent / "JPEGImages", path.parent.parent / "images"):
        found = image_beside(folder, path.stem)
        if found is not None:
            return found
    return index.find(file.filename or f"{path.stem}.jpg", path.parent, str(path))


def _boxed(
    path: Path,
    file: VocFile,
    classes: tuple[str, ...],
    image: Path,
    split: Split | None,
    root: Path,
) -> BoxedImage:
    width, height = size_of(image)
    said = (file.width or str(width), file.height or str(height))
    if said not in ((str(width), str(height)), ("0", "0")):
        raise DatasetError(
            f"{path}: says {said[0]}x{said[1]}, but {image.name} is {width}x{height}; label this "
            "very image, not one of another size."
        )
    boxes = [
        _box(each, classes, (width, height), f"{path}, line {each.line}") for each in file.objects
    ]
    split = split or split_by_folder(image, root)
    return BoxedImage(image, width, height, checked_boxes(boxes, classes), split)


def _box(
    each: VocObject, classes: tuple[str, ...], size_px: tuple[int, int], where: str
) -> LabelledBox:
    if each.name not in classes:
        raise DatasetError(f"{where}: the class '{each.name[:64]}' is not among those named.")
    missing = [side for side in SIDES if side not in each.sides]
    if missing:
        raise DatasetError(f"{where}: the object has no {missing[0]}; draw its box again.")
    sides = tuple(number_of(each.sides[side], where) for side in SIDES)
    return checked_box(classes.index(each.name), sides, size_px, where)
