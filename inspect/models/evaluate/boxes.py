"""How well boxes fit those that people drew: COCO's mean average precision, by pycocotools."""

import io
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.errors import DatasetError
from ...core.finding import BoxPx, Finding, touch
from .defects import TrueBox

ANY_CLASS = "defect"


@dataclass(frozen=True, slots=True)
class Boxed:
    """The boxes drawn in one image, its findings at the threshold, and those of every score."""

    true: tuple[TrueBox, ...]
    shown: tuple[Finding, ...]
    found: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ClassBoxes:
    """The boxes of one class: how many were drawn, and on how many of them a finding lies.

    Average precision is at an overlap of 0.5, and over 0.5 to 0.95.
    """

    label: str
    boxes: int
    found: int
    ap50: float
    ap50_95: float


@dataclass(frozen=True, slots=True)
class BoxMeasures:
    """Mean average precision over the classes; without names by the model, of any class alike."""

    map50: float
    map50_95: float
    boxes: int
    by_class: bool
    classes: tuple[ClassBoxes, ...]


def check_can_measure() -> None:
    """Raise DatasetError when what measures boxes is not installed."""
    if find_spec("pycocotools") is None:
        raise DatasetError(
            "drawn boxes are measured with pycocotools, which is missing; install the extra "
            "`evaluate`, as in pip install edgeinspect[evaluate]."
        )


def measure_boxes(images: Sequence[Boxed], named: Sequence[str]) -> BoxMeasures | None:
    """Measure the findings of all images; None where no box was drawn.

    `named` are the classes that the model has names for: where none of them was drawn, any
    finding may fit any box. `check_can_measure` must have passed.
    """
    labels = sorted({box.class_name for image in images for box in image.true})
    if not labels:
        return None
    by_class = not set(labels).isdisjoint(named)
    classes = labels if by_class else [ANY_CLASS]
    precision = _precision(images, {label: n for n, label in enumerate(classes, 1)}, by_class)
    drawn = [
        (box.class_name if by_class else ANY_CLASS, _is_told(box, image.shown))
        for image in images
        for box in image.true
    ]
    measured = tuple(
        ClassBoxes(
            label,
            sum(name == label for name, _ in drawn),
            drawn.count((label, True)),
            _mean(precision[0, :, k]),
            _mean(precision[:, :, k]),
        )
        for k, label in enumerate(classes)
    )
    return BoxMeasures(
        round(float(np.mean([each.ap50 for each in measured])), 4),
        round(float(np.mean([each.ap50_95 for each in measured])), 4),
        len(drawn),
        by_class,
        measured,
    )


def _precision(
    images: Sequence[Boxed], numbers: dict[str, int], by_class: bool
) -> NDArray[np.float64]:
    """Return precision by overlap (10), recall (101) and class, of boxes of any size."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    def number(class_name: str) -> int:
        return numbers.get(class_name, 0) if by_class else 1

    truth = [
        {"image_id": n, "category_id": number(box.class_name), "iscrowd": 0} | _extent(box.box_px)
        for n, image in enumerate(images)
        for box in image.true
    ]
    found = [
        {"image_id": n, "category_id": number(each.class_name), "score": each.score}
        | _extent(each.box_px)
        for n, image in enumerate(images)
        for each in image.found
    ]
    if not found:
        return np.zeros((10, 101, len(numbers)))
    with redirect_stdout(io.StringIO()):  # it prints its progress, and its own table
        coco = COCO()
        coco.dataset = {
            "images": [{"id": n} for n in range(len(images))],
            "categories": [{"id": n, "name": label} for label, n in numbers.items()],
            "annotations": [{"id": n} | box for n, box in enumerate(truth, 1)],
        }
        coco.createIndex()
        measured = COCOeval(coco, coco.loadRes(found), "bbox")
        measured.evaluate()
        measured.accumulate()
    return np.asarray(measured.eval["precision"][:, :, :, 0, -1], np.float64)


def _is_told(box: TrueBox, findings: Sequence[Finding]) -> bool:
    """Say whether a finding lies on a box, be it only in part."""
    return any(touch(box.box_px, finding.box_px) for finding in findings)


def _extent(box: BoxPx) -> dict[str, Any]:
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    return {"bbox": [left, top, width, height], "area": width * height}


def _mean(precision: NDArray[np.float64]) -> float:
    """Return the mean over what could be measured, which pycocotools marks by -1."""
    known = precision[precision >= 0]
    return round(float(known.mean()), 4) if known.size else 0.0
