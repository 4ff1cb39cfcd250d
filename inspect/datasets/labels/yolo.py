"""Labels as YOLO keeps them: a text file beside each image, and `data.yaml` with the classes.

A line is `class x y width height`, the middle and size in shares of the image, or a polygon
`class x y x y x y ...`, of which the box around it is taken. Folders are `images` and `labels`.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from ...core.counted import counted
from ...core.errors import DatasetError
from ..images import is_image
from .boxes import BoxDataset, BoxedImage, LabelledBox, Split
from .check import checked_box, checked_boxes, checked_classes, number_of
from .data_yaml import DataYaml, find_data_yaml, read_data_yaml
from .places import (
    NO_LABELS,
    images_below,
    listed_names,
    names_file,
    numbered_lines,
    read_text,
    size_of,
    split_by_folder,
)

FORM = "YOLO"


def read_yolo(root: Path, names: Sequence[str] = ()) -> BoxDataset:
    """Read a data set; `names` are its classes where it does not name them. Raises DatasetError."""
    found = find_data_yaml(root)
    if found is not None:
        described = read_data_yaml(found)
        return _dataset(described.classes, _listed(described))
    images = [(path, split_by_folder(path, root)) for path in images_below(root)]
    return _dataset(_classes(root, names, images), images)


def label_file(image: Path) -> Path:
    """Return where the labels of an image lie: beside it, or in `labels` for its last `images`."""
    beside = image.with_suffix(".txt")
    folders = list(image.parent.parts)
    for place in reversed(range(len(folders))):
        if folders[place] == "images":
            folders[place] = "labels"
            break
    apart = Path(*folders, beside.name)
    return beside if beside.is_file() else apart


def is_yolo_line(words: Sequence[str]) -> bool:
    """Say whether a line can be one of these labels: a class and shares of an image."""
    try:
        shares = [float(word) for word in words[1:5]]
    except ValueError:
        return False
    return words[0].isdigit() and len(shares) == 4 and all(-0.1 <= each <= 1.1 for each in shares)


def _listed(described: DataYaml) -> list[tuple[Path, Split | None]]:
    """Return every image that `data.yaml` names with its split."""
    images: list[tuple[Path, Split | None]] = []
    for split, places in described.places.items():
        for place in places:
            if place.is_dir():
                found = images_below(place)
            else:
                lines = (line.strip() for line in read_text(place).splitlines())
                found = tuple(_named(line, place, described.root) for line in lines if line)
            images += [(path, split) for path in found]
    if not images:
        raise DatasetError(f"{described.path}: no images where it says; mend `path` and `train`.")
    return images


def _named(line: str, listing: Path, root: Path) -> Path:
    candidates = (root / line, listing.parent / line)
    path = next((each for each in candidates if is_image(each)), None)
    if path is None:
        raise DatasetError(f"{listing}: names '{line}', which is no image; mend the list.")
    return path


def _classes(
    root: Path, names: Sequence[str], images: list[tuple[Path, Split | None]]
) -> tuple[str, ...]:
    if names:
        return checked_classes(names, "--classes")
    listing = names_file(root)
    if listing is not None:
        return checked_classes(listed_names(listing), str(listing))
    files = [file for file in (label_file(path) for path, _ in images) if file.is_file()]
    used = [
        _class_index(words[0], where) for file in files for where, words in numbered_lines(file)
    ]
    return tuple(f"class-{index}" for index in range(max(used, default=-1) + 1))


def _dataset(classes: tuple[str, ...], images: list[tuple[Path, Split | None]]) -> BoxDataset:
    boxed, without = [], []
    _check_no_orphan(path for path, _ in images)
    for path, split in images:
        if label_file(path).is_file():
            boxed.append(_boxed(path, split, classes))
        else:
            without.append(BoxedImage(path, *size_of(path), (), split))
    return BoxDataset(FORM, classes, tuple(boxed), tuple(without))


def _check_no_orphan(images: Iterable[Path]) -> None:
    """Raise DatasetError for a label file beside those of the images that is of none of them."""
    files = {label_file(path) for path in images}
    for folder in sorted({file.parent for file in files if file.parent.name != "images"}):
        for file in sorted(folder.glob("*.txt")):
            if file not in files and file.name not in NO_LABELS:
                raise DatasetError(f"{file}: its image is missing; add it, or remove the file.")


def _boxed(path: Path, split: Split | None, classes: tuple[str, ...]) -> BoxedImage:
    width, height = size_of(path)
    lines = numbered_lines(label_file(path))
    boxes = [_box(words, (width, height), classes, where) for where, words in lines]
    return BoxedImage(path, width, height, checked_boxes(boxes, classes), split)


def _box(
    words: list[str], size_px: tuple[int, int], classes: tuple[str, ...], where: str
) -> LabelledBox:
    index = _class_index(words[0], where)
    if index >= len(classes):
        raise DatasetError(
            f"{where}: class {index}, but there are only 0 to {len(classes) - 1}; "
            "mend the line, or name the class."
        )
    numbers = [number_of(word, where) for word in words[1:]]
    return checked_box(index, _corners(numbers, size_px, where), size_px, where)


def _corners(numbers: list[float], size_px: tuple[int, int], where: str) -> tuple[float, ...]:
    width, height = size_px
    if len(numbers) == 4:
        x, y, w, h = numbers
        return (
            (x - w / 2) * width,
            (y - h / 2) * height,
            (x + w / 2) * width,
            (y + h / 2) * height,
        )
    if len(numbers) < 6 or len(numbers) % 2:
        raise DatasetError(
            f"{where}: {counted(len(numbers) + 1, 'word')}; a box has 5 (class x y width height), "
            "a polygon a class and 3 or more points."
        )
    across, down = [x * width for x in numbers[::2]], [y * height for y in numbers[1::2]]
    return min(across), min(down), max(across), max(down)


def _class_index(word: str, where: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 5):
        raise DatasetError(f"{where}: '{word[:32]}' is no class number; mend the line.")
    return int(word)


def lines_of(image: BoxedImage) -> str:
    """Return an image's labels in this form, a line for each box."""
    return "".join(f"{_line(box, image)}\n" for box in image.boxes)


def _line(box: LabelledBox, image: BoxedImage) -> str:
    left, top, right, bottom = box.box_px
    shares = (
        (left + right) / 2 / image.width_px,
        (top + bottom) / 2 / image.height_px,
        (right - left) / image.width_px,
        (bottom - top) / image.height_px,
    )
    return f"{box.class_index} " + " ".join(f"{share:.9g}" for share in shares)
