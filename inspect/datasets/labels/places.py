"""Where label files and their images lie: what several forms have in common."""

from collections.abc import Iterable
from pathlib import Path

import imagesize

from ...core.errors import DatasetError, ImageError
from ...core.regular_file import read_regular_file
from ..images import SUFFIXES, is_image
from .boxes import Split

MAX_TEXT_BYTES = 2_000_000
"""Of the label file of one image, or of a list of names."""

NO_LABELS = frozenset(
    {"classes.txt", "license.txt", "readme.txt", "test.txt", "train.txt", "val.txt"}
)
"""Text files that lie about among labels."""

_SPLITS = {
    "train": Split.TRAIN,
    "training": Split.TRAIN,
    "trainval": Split.TRAIN,
    "val": Split.VAL,
    "valid": Split.VAL,
    "validation": Split.VAL,
    "test": Split.TEST,
    "testing": Split.TEST,
}


def split_named(words: Iterable[str]) -> Split | None:
    """Return the split that one of the words names, the last of them first."""
    return next(
        (_SPLITS[word.lower()] for word in reversed([*words]) if word.lower() in _SPLITS), None
    )


def split_by_folder(path: Path, root: Path) -> Split | None:
    """Return the split that a folder between `root` and the file names."""
    return split_named(path.relative_to(root).parts[:-1])


def images_below(folder: Path) -> tuple[Path, ...]:
    """Return the image files anywhere under `folder`, in the order of their names."""
    return tuple(sorted(path for path in folder.rglob("*") if is_image(path)))


def image_beside(folder: Path, stem: str) -> Path | None:
    """Return the image in `folder` whose name without its ending is `stem`."""
    if not folder.is_dir():
        return None
    exact = (folder / f"{stem}{suffix}" for suffix in sorted(SUFFIXES))
    upper = (folder / f"{stem}{suffix.upper()}" for suffix in sorted(SUFFIXES))
    return next((path for path in (*exact, *upper) if path.is_file()), None)


def size_of(image: Path) -> tuple[int, int]:
    """Return width and height in pixels, as the file's header has them. Raises ImageError."""
    try:
        width, height = imagesize.get(image)
    except OSError as error:
        raise ImageError(f"{image}: cannot be read ({error.strerror}); check the file.") from None
    if width <= 0 or height <= 0:
        raise ImageError(f"{image}: not an image, whatever its name says; remove or replace it.")
    return int(width), int(height)


def read_text(path: Path, limit_bytes: int = MAX_TEXT_BYTES) -> str:
    """Return a text file. Raises DatasetError when it cannot be read, is too large or no text."""
    try:
        content = read_regular_file(path, limit_bytes + 1)
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror}); check the file.") from None
    if len(content) > limit_bytes:
        raise DatasetError(f"{path}: larger than {limit_bytes // 1_000_000} MB; no labels are.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DatasetError(f"{path}: no UTF-8 text; save it as such.") from None


def numbered_lines(path: Path) -> tuple[tuple[str, list[str]], ...]:
    """Return for each line with something on it where it stands, and its words."""
    lines = enumerate(read_text(path).replace(",", " ").splitlines(), 1)
    return tuple((f"{path}, line {number}", line.split()) for number, line in lines if line.strip())


def names_file(root: Path) -> Path | None:
    """Return the file that names the classes, one a line, where there is one."""
    names = ("classes.txt", "obj.names", "labels/classes.txt")
    return next((root / name for name in names if (root / name).is_file()), None)


def listed_names(path: Path) -> list[str]:
    """Return the lines of a file that names the classes."""
    return [line.strip() for line in read_text(path).splitlines() if line.strip()]
