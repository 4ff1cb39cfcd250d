"""Labels as DeepPCB keeps them: a text file for each image, lines `left top right bottom class`.

Sides are in pixels. The text lies in a folder `labels`, the image in a folder beside it, or both
lie together. A class is a number, counted from 1, or a word.
"""

from collections.abc import Sequence
from pathlib import Path

from ...core.counted import counted
from ...core.errors import DatasetError
from .boxes import BoxDataset, BoxedImage, LabelledBox
from .check import checked_box, checked_boxes, checked_classes, number_of
from .places import (
    NO_LABELS,
    image_beside,
    listed_names,
    names_file,
    numbered_lines,
    size_of,
    split_by_folder,
)
from .unlabelled import unlabelled_beside

FORM = "corners"
PATTERN_FOLDERS = frozenset({"template", "templates", "reference", "references"})
"""Defect-free twins of the images, under the same names: no boxes were drawn in them."""


def read_corners(root: Path, names: Sequence[str] = ()) -> BoxDataset:
    """Read a data set; `names` are the classes 1, 2, ... in their order. Raises DatasetError."""
    files = label_files(root)
    words = {line[4] for file in files for _, line in numbered_lines(file) if len(line) == 5}
    classes = _classes(root, names, words)
    images = tuple(_boxed(file, root, classes) for file in files)
    return BoxDataset(
        FORM, tuple(dict.fromkeys(classes.values())), images, unlabelled_beside(images)
    )


def label_files(root: Path) -> tuple[Path, ...]:
    """Return the text files that may hold labels of one image each."""
    files = (path for path in root.rglob("*.txt") if path.name.lower() not in NO_LABELS)
    return tuple(sorted(file for file in files if _in_labels(file, root) or _image(file)))


def _in_labels(file: Path, root: Path) -> bool:
    return "labels" in (root.name, *file.relative_to(root).parts[:-1])


def _boxed(file: Path, root: Path, classes: dict[str, str]) -> BoxedImage:
    image = _image(file)
    if image is None:
        raise DatasetError(
            f"{file}: no image of that name is near; add {file.stem}.jpg or remove it."
        )
    width, height = size_of(image)
    order = list(dict.fromkeys(classes.values()))
    boxes = [
        _box(words, (width, height), classes, order, where) for where, words in numbered_lines(file)
    ]
    split = split_by_folder(image, root)
    return BoxedImage(image, width, height, checked_boxes(boxes, tuple(order)), split)


def _box(
    words: list[str],
    size_px: tuple[int, int],
    classes: dict[str, str],
    order: list[str],
    where: str,
) -> LabelledBox:
    if len(words) != 5:
        raise DatasetError(
            f"{where}: {counted(len(words), 'word')}; a label has 5, left top right bottom class."
        )
    name = classes.get(words[4])
    if name is None:
        raise DatasetError(
            f"{where}: class {words[4][:32]} has no name; mend it, or name the class."
        )
    sides = tuple(number_of(word, where) for word in words[:4])
    return checked_box(order.index(name), sides, size_px, where)


def _classes(root: Path, names: Sequence[str], words: set[str]) -> dict[str, str]:
    """Return the name of each class by the word that stands for it in the labels."""
    listing = names_file(root)
    said = names or (listed_names(listing) if listing else ())
    if said:
        where = "--classes" if names else str(listing)
        return {str(number): name for number, name in enumerate(checked_classes(said, where), 1)}
    if all(word.isdigit() for word in words):
        return {word: f"class-{int(word)}" for word in sorted(words, key=int)}
    return {word: word for word in checked_classes(sorted(words), str(root))}


def _image(file: Path) -> Path | None:
    """Return the image a label file is of: beside it, or in a folder beside its folder."""
    beside = image_beside(file.parent, file.stem)
    if beside is not None or file.parent.name != "labels":
        return beside
    folders = sorted(path for path in file.parent.parent.iterdir() if path.is_dir())
    found = [
        image
        for folder in folders
        if folder.name not in PATTERN_FOLDERS
        and (image := image_beside(folder, file.stem)) is not None
    ]
    if len(found) > 1:
        raise DatasetError(
            f"{file}: both {found[0]} and {found[1]} have its name; keep one of them there."
        )
    return found[0] if found else None
