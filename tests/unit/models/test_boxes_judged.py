"""A detector evaluated on drawn boxes: labels of each form, the graph's own boxes, COCO's mAP."""

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from foreign_networks import write_network
from label_files import Picture, write_coco, write_corners, write_voc, write_yolo

from edgeinspect.core.recipe import Recipe
from edgeinspect.models.evaluate.count import count
from edgeinspect.models.evaluate.judging import judge_images
from edgeinspect.models.evaluate.labelled_set import Reading, labelled_set
from edgeinspect.models.evaluate.measures import Evaluation
from edgeinspect.models.judge import ModelJudge, load_judge
from edgeinspect.models.wrap.declared import USUAL, Layout
from edgeinspect.models.wrap.import_model import Imported, import_model
from edgeinspect.models.wrap.wrap import Declared

CLASSES = ("open", "short")
SHORT, OPEN = (1, 10, 12, 30, 40), (0, 40, 8, 56, 24)
"""What the detector sees in every picture: a short, sure of it, and an open, less so."""
WRITERS = [write_yolo, write_coco, write_voc, write_corners]

Write = Callable[[Path, Sequence[str], Sequence[Picture]], None]


@pytest.fixture
def detector(tmp_path: Path) -> ModelJudge:
    rows = np.array([[[10, 12, 30, 40, 0.9, 1], [40, 8, 56, 24, 0.6, 0]]], np.float32)
    theirs = write_network(tmp_path / "theirs.onnx", {"output0": rows})
    picture = tmp_path / "picture.png"
    cv2.imwrite(str(picture), np.zeros((64, 64, 3), np.uint8))
    declared = Declared(Layout.YOLO_NMS, USUAL[Layout.YOLO_NMS], CLASSES, (), 0.7)
    import_model(
        theirs,
        tmp_path / "ours.onnx",
        declared,
        Imported("boards", "someone", "Apache-2.0", 0.7, None),
        [picture],
    )
    return load_judge(tmp_path / "ours.onnx")


def _evaluated(folder: Path, detector: ModelJudge, threshold: float) -> Evaluation:
    labelled = labelled_set(folder, Reading(names=CLASSES))
    recipe = Recipe(threshold=threshold)
    judged = judge_images(labelled.images, detector, recipe, boxes=labelled.boxes)
    return count(judged, detector, recipe)


@pytest.mark.parametrize("write", WRITERS, ids=lambda each: each.__name__)
def test_boxes_that_fit_are_perfect_in_every_form(
    tmp_path: Path, detector: ModelJudge, write: Write
) -> None:
    folder = tmp_path / "boards"
    pictures = [Picture(name, 64, 64, (SHORT, OPEN)) for name in "ab"]
    write(folder, CLASSES, pictures)
    result = _evaluated(folder, detector, 0.7)
    assert result.boxes is not None
    assert (result.boxes.map50, result.boxes.by_class, result.boxes.boxes) == (1.0, True, 4)
    found = {each.label: (each.found, each.boxes) for each in result.boxes.classes}
    assert found == {"open": (0, 2), "short": (2, 2)}
    assert [(each.label, each.images) for each in result.classes] == [("open", 2), ("short", 2)]


def test_the_threshold_hides_boxes_from_the_line_but_not_from_average_precision(
    tmp_path: Path, detector: ModelJudge
) -> None:
    folder = tmp_path / "boards"
    write_yolo(folder, CLASSES, [Picture("a", 64, 64, (SHORT, OPEN))])
    strict, loose = (_evaluated(folder, detector, threshold) for threshold in (0.95, 0.5))
    assert strict.boxes is not None and loose.boxes is not None
    assert (strict.escapes, loose.escapes) == (1, 0)
    assert [each.found for each in strict.boxes.classes] == [0, 0]
    assert [each.found for each in loose.boxes.classes] == [1, 1]
    assert strict.boxes.map50 == loose.boxes.map50 == 1.0


def test_boxes_in_a_good_part_cost_precision(tmp_path: Path, detector: ModelJudge) -> None:
    folder = tmp_path / "boards"
    write_yolo(folder, CLASSES, [Picture("a", 64, 64, ()), Picture("b", 64, 64, (SHORT,))])
    result = _evaluated(folder, detector, 0.7)
    assert result.boxes is not None
    assert (result.good, result.overkill) == (1, 1)
    assert result.boxes.map50 == pytest.approx(0.5)
