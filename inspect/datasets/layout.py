"""Data sets as factories and the field keep them: MVTec AD's folders, or a folder of good parts.

MVTec AD's layout: `train/good/*`, `test/good/*`, `test/CLASS/*`, `ground_truth/CLASS/*_mask.png`.
"""

from dataclasses import dataclass
from pathlib import Path

from ..core.errors import DatasetError
from .images import SUFFIXES, check_folder, is_image, list_images

GOOD = "good"
_MASK_SUFFIXES = sorted(SUFFIXES, key=lambda suffix: (suffix != ".png", suffix))


@dataclass(frozen=True, slots=True)
class LabelledImage:
    """An image file with what is true of it: `good`, or the name of its defect class."""

    path: Path
    label: str
    mask: Path | None = None
    classes: tuple[str, ...] = ()
    """All classes of defects in it, where it has several; the label then names them together."""

    @property
    def is_good(self) -> bool:
        """Whether the part in the picture is good."""
        return self.label == GOOD

    @property
    def labels(self) -> tuple[str, ...]:
        """All it counts as: `good`, its class, or each of its classes."""
        return self.classes or (self.label,)


def good_images(folder: Path) -> tuple[Path, ...]:
    """Return the images to learn "good" from: `train/good`, or all images of a plain folder.

    Raises DatasetError when there are none.
    """
    train = folder / "train" / GOOD
    return list_images(train if train.is_dir() else folder)


def test_images(folder: Path) -> tuple[LabelledImage, ...]:
    """Return the labelled images under `test/` (or in `folder` itself if it holds the classes).

    Raises DatasetError when there is no sub-folder with images.
    """
    root = folder / "test" if (folder / "test").is_dir() else folder
    check_folder(root, "a data set")
    images = tuple(
        LabelledImage(path, label.name, _mask_of(root, path))
        for label in sorted(entry for entry in root.iterdir() if entry.is_dir())
        for path in sorted(label.iterdir())
        if is_image(path)
    )
    if not images:
        raise DatasetError(f"{root}: no class folders with images; sort them into test/CLASS/.")
    return images


def plain_or_by_class(folder: Path) -> tuple[LabelledImage, ...]:
    """Return the labelled images of a data set, or those right in a plain folder as good ones.

    Raises DatasetError when there are none.
    """
    plain = sorted(path for path in folder.iterdir() if is_image(path)) if folder.is_dir() else ()
    return tuple(LabelledImage(path, GOOD) for path in plain) or test_images(folder)


def has_class_folders(folder: Path) -> bool:
    """Say whether `folder` is laid out by class: a folder of good parts lies where one belongs."""
    return any((folder / place / GOOD).is_dir() for place in ("test", "train", "."))


def _mask_of(root: Path, image: Path) -> Path | None:
    """Return the mask of an image: named like it, with or without `_mask`, in any image format."""
    folder = root.parent / "ground_truth" / image.parent.name
    names = (f"{image.stem}_mask", image.stem)
    candidates = (folder / f"{name}{suffix}" for name in names for suffix in _MASK_SUFFIXES)
    return next((path for path in candidates if path.is_file()), None)
