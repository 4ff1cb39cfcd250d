"""Labels as COCO keeps them: one JSON file a split with `images`, `categories`, `annotations`.

A `bbox` is left, top, width, height in pixels. The files lie in the folder itself, in
`annotations`, or beside the images of their split. Regions that are crowds are left out.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core.errors import DatasetError
from .boxes import BoxDataset, BoxedImage, LabelledBox, Split
from .check import checked_box, checked_boxes, checked_classes
from .image_index import ImageIndex
from .places import read_text, size_of, split_named
from .unlabelled import unlabelled_beside

FORM = "COCO"
MAX_BYTES = 200_000_000
_TABLES = ("images", "categories", "annotations")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Tables:
    """One file's rows; each has the keys that are needed, of the right kind."""

    path: Path
    split: Split | None
    images: list[Row]
    categories: list[Row]
    annotations: list[Row]


def coco_files(root: Path) -> tuple[Path, ...]:
    """Return the files under `root` that are named and begin like labels of this form."""
    files = sorted((*root.glob("*.json"), *root.glob("*/*.json")))
    return tuple(path for path in files if path.is_file() and _looks_like_coco(path))


def read_coco(root: Path) -> BoxDataset:
    """Read a data set. Raises DatasetError."""
    tables = [_read(path, root) for path in coco_files(root)]
    classes = _classes(tables)
    index = ImageIndex.of(root)
    images = tuple(
        _boxed(row, file, classes, index) for file in tables for row in _with_boxes(file)
    )
    return BoxDataset(FORM, tuple(classes.values()), images, unlabelled_beside(images))


def _looks_like_coco(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4096)
    # The largest table may come first, and then hide the others; every form names its tables.
    return start.lstrip()[:1] == b"{" and any(f'"{name}"'.encode() in start for name in _TABLES)


def _read(path: Path, root: Path) -> _Tables:
    try:
        said = json.loads(read_text(path, MAX_BYTES))
    except json.JSONDecodeError as error:
        where = f"{path}, line {error.lineno}"
        raise DatasetError(f"{where}: no JSON ({error.msg}); mend it.") from None
    except RecursionError:
        raise DatasetError(f"{path}: nested too deeply; no labels are.") from None
    if not isinstance(said, dict):
        raise DatasetError(f"{path}: no COCO labels; it needs images, categories, annotations.")
    words = (*path.relative_to(root).parts[:-1], *path.stem.replace("-", "_").split("_"))
    split = split_named(word.rstrip("0123456789") for word in words)
    return _Tables(
        path,
        split,
        _rows(said, "images", {"id": int, "file_name": str}, path),
        _rows(said, "categories", {"id": int, "name": str}, path),
        _rows(said, "annotations", {"image_id": int, "category_id": int, "bbox": list}, path),
    )


def _rows(said: Row, table: str, keys: dict[str, type], path: Path) -> list[Row]:
    rows = said.get(table)
    if not isinstance(rows, list):
        raise DatasetError(f"{path}: has no list `{table}`; export the labels again.")
    for number, row in enumerate(rows):
        for key, kind in keys.items():
            if not isinstance(row, dict) or not isinstance(row.get(key), kind):
                raise DatasetError(
                    f"{path}, {table}[{number}]: `{key}` is missing or of the wrong kind; mend it."
                )
    return rows


def _classes(tables: list[_Tables]) -> dict[int, str]:
    """Return the classes by their number, in its order."""
    named: dict[int, str] = {}
    for file in tables:
        for row in _own_categories(file):
            name = named.setdefault(row["id"], row["name"])
            if name != row["name"]:
                raise DatasetError(
                    f"{file.path}: category {row['id']} is '{row['name']}' here and '{name}' in "
                    "another file; make them agree."
                )
    ordered = dict(sorted(named.items()))
    where = str(tables[0].path) if tables else FORM
    return dict(zip(ordered, checked_classes(ordered.values(), where), strict=True))


def _own_categories(file: _Tables) -> list[Row]:
    """Return the categories but those that only stand above others and have no box."""
    above = {row.get("supercategory") for row in file.categories}
    used = {row["category_id"] for row in file.annotations}
    return [row for row in file.categories if row["id"] in used or row["name"] not in above]


def _with_boxes(file: _Tables) -> list[Row]:
    """Return the images, each with its annotations under `boxes`, numbered as in the file."""
    rows = {row["id"]: {**row, "boxes": []} for row in file.images}
    if len(rows) < len(file.images):
        raise DatasetError(f"{file.path}: two images have the same id; export the labels again.")
    for number, annotation in enumerate(file.annotations):
        where = f"{file.path}, annotations[{number}]"
        if annotation["image_id"] not in rows:
            raise DatasetError(f"{where}: image {annotation['image_id']} is not listed; add it.")
        if not annotation.get("iscrowd"):
            rows[annotation["image_id"]]["boxes"].append((where, annotation))
    return list(rows.values())


def _boxed(row: Row, file: _Tables, classes: dict[int, str], index: ImageIndex) -> BoxedImage:
    where = f"{file.path}, image {row['id']}"
    path = index.find(row["file_name"], file.path.parent, where)
    size_px = size_of(path)
    if (row.get("width", size_px[0]), row.get("height", size_px[1])) != size_px:
        raise DatasetError(
            f"{where}: {row['width']}x{row['height']}, but {path.name} is "
            f"{size_px[0]}x{size_px[1]}; label this very image, not one of another size."
        )
    order = list(classes)
    boxes = [_box(each, place, order, size_px) for place, each in row["boxes"]]
    names = tuple(classes.values())
    return BoxedImage(path, *size_px, checked_boxes(boxes, names), file.split)


def _box(row: Row, where: str, order: list[int], size_px: tuple[int, int]) -> LabelledBox:
    if row["category_id"] not in order:
        raise DatasetError(f"{where}: category {row['category_id']} is not listed; add it.")
    sides = row["bbox"]
    if len(sides) != 4 or not all(isinstance(side, int | float) for side in sides):
        raise DatasetError(f"{where}: `bbox` is not left, top, width, height; mend it.")
    left, top, width, height = sides
    box = (left, top, left + width, top + height)
    return checked_box(order.index(row["category_id"]), box, size_px, where)
