"""Good parts to teach from, and none in which a person marked a defect."""

from collections.abc import Iterator
from pathlib import Path

from ..core.counted import counted
from ..core.errors import DatasetError
from .labels.read import forms_in, read_boxes
from .labels.unlabelled import Unlabelled
from .layout import GOOD, good_images, has_class_folders

MASKS = "ground_truth"


def good_parts(folder: Path) -> tuple[Path, ...]:
    """Return the images of `folder` to learn "good" from, as `good_images` does.

    Raises DatasetError when there are none, or one of them lies among defects or has one marked.
    """
    images = good_images(folder)
    defective = _defective(folder)
    bad = [
        path for path in images if path.resolve() in defective or _lies_among_defects(path, folder)
    ]
    if bad:
        raise DatasetError(
            f"{bad[0]}: defective, by its folder or the boxes drawn in it, as {len(bad)} of "
            f"{counted(len(images), 'image')}; name a folder of good parts alone."
        )
    return images


def _lies_among_defects(image: Path, folder: Path) -> bool:
    """Say whether an image lies in a folder of a class that is not the good one, or of masks."""
    if folder.name != GOOD and (folder.parent.parent / MASKS / folder.name).is_dir():
        return True
    if not has_class_folders(folder) and not (folder / MASKS).is_dir():
        return False
    first, *rest = image.relative_to(folder).parts[:-1] or (GOOD,)
    if first in ("test", "train"):
        return rest[:1] != [GOOD] and bool(rest)
    return first != GOOD


def _defective(folder: Path) -> frozenset[Path]:
    """Return the images in which boxes are drawn, by labels in `folder` or beside it."""
    if has_class_folders(folder):
        return frozenset()
    return frozenset(path.resolve() for root in _label_roots(folder) for path in _with_boxes(root))


def _label_roots(folder: Path) -> Iterator[Path]:
    yield folder
    if (folder.parent / "labels").is_dir():
        yield folder.parent


def _with_boxes(root: Path) -> Iterator[Path]:
    for form in forms_in(root):
        data = read_boxes(root, form=form, unlabelled=Unlabelled.SKIP)
        yield from (image.path for image in data.images if image.boxes)
