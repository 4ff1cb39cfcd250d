"""Reads a data set of boxes, whichever of four forms its labels have."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

from ...core.errors import DatasetError
from ..images import check_folder
from . import coco, corners, voc, yolo
from .boxes import BoxDataset
from .data_yaml import find_data_yaml
from .places import numbered_lines
from .unlabelled import Unlabelled, settled


class Form(StrEnum):
    """A form of labels."""

    YOLO = "yolo"
    COCO = "coco"
    VOC = "voc"
    CORNERS = "corners"


def read_boxes(
    root: Path,
    *,
    form: Form | None = None,
    names: Sequence[str] = (),
    unlabelled: Unlabelled = Unlabelled.REFUSE,
) -> BoxDataset:
    """Read the data set in the folder `root`, its form told from what lies there.

    `names` are the classes, in the order of their numbers, where the labels do not name them.
    Raises DatasetError, naming file and line, for labels that are wrong, contradict each other
    or are missing; ImageError for a file that is no image.
    """
    check_folder(root, "a folder of images and labels")
    data = _READERS[form or form_of(root)](root, names)
    if not data.images:
        raise DatasetError(f"{root}: no labelled images in it; add labels, or name its folder.")
    return settled(data, unlabelled)


def has_labels(root: Path) -> bool:
    """Say whether labels of any form lie in a folder."""
    return bool(forms_in(root))


def forms_in(root: Path) -> tuple[Form, ...]:
    """Return the forms of the labels that lie in a folder."""
    return tuple(form for form, lies_in in _SIGNS.items() if root.is_dir() and lies_in(root))


def form_of(root: Path) -> Form:
    """Tell the form of the labels in a folder. Raises DatasetError for none, or several."""
    found = forms_in(root)
    if not found:
        raise DatasetError(
            f"{root}: no labels in it; add YOLO's data.yaml, COCO's JSON, Pascal VOC's XML, or "
            "text files in a folder labels."
        )
    if len(found) > 1:
        raise DatasetError(
            f"{root}: has labels of the forms {' and '.join(found)}; say which with --labels."
        )
    return found[0]


def _has_yolo(root: Path) -> bool:
    return find_data_yaml(root) is not None or _text_form(root) is Form.YOLO


def _has_corners(root: Path) -> bool:
    return find_data_yaml(root) is None and _text_form(root) is Form.CORNERS


def _text_form(root: Path) -> Form | None:
    """Tell what the text files hold, by the first line that any of them has."""
    for file in corners.label_files(root):
        for _where, words in numbered_lines(file):
            return Form.YOLO if yolo.is_yolo_line(words) else Form.CORNERS
    return None


_SIGNS: dict[Form, Callable[[Path], bool]] = {
    Form.YOLO: _has_yolo,
    Form.COCO: lambda root: bool(coco.coco_files(root)),
    Form.VOC: lambda root: bool(voc.voc_files(root)),
    Form.CORNERS: _has_corners,
}
_READERS: dict[Form, Callable[[Path, Sequence[str]], BoxDataset]] = {
    Form.YOLO: yolo.read_yolo,
    Form.COCO: lambda root, _names: coco.read_coco(root),
    Form.VOC: voc.read_voc,
    Form.CORNERS: corners.read_corners,
}
