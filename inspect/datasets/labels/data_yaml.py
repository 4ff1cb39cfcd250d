"""YOLO's `data.yaml`: where the images of each split lie, and what the classes are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ...core.errors import DatasetError
from .boxes import Split
from .check import checked_classes
from .places import read_text

MAX_BYTES = 1_000_000
_KEYS = {"train": Split.TRAIN, "val": Split.VAL, "test": Split.TEST}


@dataclass(frozen=True, slots=True)
class DataYaml:
    """What the file says; `places` are folders of images, or files that list images."""

    path: Path
    root: Path
    classes: tuple[str, ...]
    places: Mapping[Split, tuple[Path, ...]]


def find_data_yaml(root: Path) -> Path | None:
    """Return the description of the data set in `root`, where there is one.

    Raises DatasetError when there are several.
    """
    named = [root / name for name in ("data.yaml", "data.yml", "dataset.yaml")]
    for path in named:
        if path.is_file():
            return path
    others = [
        path for path in sorted((*root.glob("*.yaml"), *root.glob("*.yml"))) if _describes(path)
    ]
    if len(others) > 1:
        names = " and ".join(path.name for path in others[:3])
        raise DatasetError(f"{root}: {names} both describe data; rename one data.yaml.")
    return others[0] if others else None


def read_data_yaml(path: Path) -> DataYaml:
    """Read the file. Raises DatasetError, naming what is wrong with it."""
    said = _mapping(path)
    if said is None or "names" not in said:
        raise DatasetError(f"{path}: does not name the classes; add `names: [scratch, dent]`.")
    classes = checked_classes(_names(said["names"], path), str(path))
    if said.get("nc", len(classes)) != len(classes):
        raise DatasetError(
            f"{path}: nc is {said['nc']}, but names has {len(classes)}; mend one of them."
        )
    root = _root(path, said.get("path"))
    places = {
        split: tuple(_place(each, key, root, path) for each in _listed(said[key], key, path))
        for key, split in _KEYS.items()
        if said.get(key)
    }
    if Split.TRAIN not in places:
        raise DatasetError(f"{path}: does not say where the images are; add `train: images`.")
    return DataYaml(path, root, classes, places)


def _describes(path: Path) -> bool:
    try:
        said = _mapping(path)
    except DatasetError:
        return False
    return said is not None and "names" in said and "train" in said


def _mapping(path: Path) -> dict[str, Any] | None:
    text = read_text(path, MAX_BYTES)
    try:
        said = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise DatasetError(f"{path}{line}: no YAML; mend it there.") from None
    return said if isinstance(said, dict) else None


def _names(names: object, path: Path) -> list[object]:
    if isinstance(names, list):
        return list(names)
    if isinstance(names, dict):
        if sorted(names, key=str) != sorted(range(len(names)), key=str):
            raise DatasetError(f"{path}: names are not numbered 0, 1, 2 ...; number them so.")
        return [names[index] for index in range(len(names))]
    raise DatasetError(f"{path}: `names` is no list; write `names: [scratch, dent]`.")


def _root(path: Path, said: object) -> Path:
    """Return the folder that places are relative to; one that only another machine has is not."""
    root = path.parent / str(said) if said else path.parent
    return root if root.is_dir() else path.parent


def _listed(said: object, key: str, path: Path) -> list[str]:
    listed = said if isinstance(said, list) else [said]
    if not all(isinstance(each, str) for each in listed):
        raise DatasetError(f"{path}: `{key}` is no folder; write `{key}: images/{key}`.")
    return [str(each) for each in listed]


def _place(said: str, key: str, root: Path, path: Path) -> Path:
    """Return the folder or list that is meant; some tools write `../train` for `train`."""
    candidates = (root / said, path.parent / said, root / said.removeprefix("../"))
    place = next((each for each in candidates if each.exists()), None)
    if place is None:
        raise DatasetError(f"{path}: `{key}` names {said}, which is not there; mend the path.")
    return place
