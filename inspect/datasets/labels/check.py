"""What every label must be, whatever form it was kept in."""

from collections.abc import Iterable
from math import isfinite

from ...core.errors import DatasetError
from ...core.finding import BoxPx
from .boxes import LabelledBox

SPILL_PX = 1.0
SPILL_SHARE = 0.01
"""A box may stick out of the image by a pixel, or by this share of the side: hands are not exact.
It is cut to the image then; what sticks out further belongs to another image."""
SAME_PX = 0.5
"""Two boxes whose sides differ by no more are the same box."""
MOST_CLASSES = 1000


def checked_box(
    class_index: int, box: tuple[float, ...], size_px: tuple[int, int], where: str
) -> LabelledBox:
    """Return the box (left, top, right, bottom in pixels) cut to an image of `size_px` (width,
    height). Raises DatasetError, naming `where`, when it is no box or is not in the image.
    """
    if not all(isfinite(side) for side in box):
        raise DatasetError(f"{where}: a side of the box is no number; draw it again.")
    left, top, right, bottom = box
    if right <= left or bottom <= top:
        raise DatasetError(f"{where}: the box is empty, {_said(box)}; remove or draw it again.")
    width, height = size_px
    spill_x, spill_y = (max(SPILL_PX, SPILL_SHARE * side) for side in size_px)
    if left < -spill_x or top < -spill_y or right > width + spill_x or bottom > height + spill_y:
        raise DatasetError(
            f"{where}: the box {_said(box)} is not in the image of {width}x{height}; "
            "draw it again, or find the image it was drawn in."
        )
    inside = (max(left, 0.0), max(top, 0.0), min(right, float(width)), min(bottom, float(height)))
    if inside[2] <= inside[0] or inside[3] <= inside[1]:
        raise DatasetError(f"{where}: the box {_said(box)} lies outside the image; draw it again.")
    return LabelledBox(class_index, inside, where)


def checked_boxes(
    boxes: Iterable[LabelledBox], classes: tuple[str, ...]
) -> tuple[LabelledBox, ...]:
    """Return the boxes of one image without those that say the same twice.

    Raises DatasetError where the same box has two classes.
    """
    kept: list[LabelledBox] = []
    for box in boxes:
        twin = next((each for each in kept if _same(each.box_px, box.box_px)), None)
        if twin is None:
            kept.append(box)
        elif twin.class_index != box.class_index:
            raise DatasetError(
                f"{box.where}: this box is '{classes[box.class_index]}', and "
                f"'{classes[twin.class_index]}' in {twin.where}; decide which it is."
            )
    return tuple(kept)


def checked_classes(names: Iterable[object], where: str) -> tuple[str, ...]:
    """Return class names, stripped. Raises DatasetError when one is empty, too long or repeated."""
    classes = tuple(str(name).strip() for name in names)
    if not classes:
        raise DatasetError(f"{where}: names no classes; name at least one.")
    if len(classes) > MOST_CLASSES:
        raise DatasetError(f"{where}: names {len(classes)} classes; at most {MOST_CLASSES}.")
    for name in classes:
        if not name or len(name) > 64 or not name.isprintable():
            raise DatasetError(f"{where}: '{name[:64]}' is no class name; use 1 to 64 letters.")
        if classes.count(name) > 1:
            raise DatasetError(f"{where}: names the class '{name}' twice; name each once.")
    return classes


def number_of(text: str, where: str) -> float:
    """Return a number. Raises DatasetError, naming `where`, for anything else."""
    try:
        return float(text)
    except ValueError:
        raise DatasetError(f"{where}: '{text[:32]}' is no number; mend the line.") from None


def _same(one: BoxPx, other: BoxPx) -> bool:
    return all(abs(a - b) <= SAME_PX for a, b in zip(one, other, strict=True))


def _said(box: tuple[float, ...]) -> str:
    return "(" + ", ".join(f"{side:.6g}" for side in box) + ")"
