"""The threshold that validation images support, and whether two detectors find the same."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from edgeinspect.datasets.labels.boxes import BoxedImage, LabelledBox
from edgeinspect.models.answer import Boxes
from edgeinspect.models.finetune.threshold import USUAL, Measured, threshold_from_boxes

TRUE = ((0.0, 0.0, 10.0, 10.0), (20.0, 20.0, 40.0, 40.0))


def _image(*boxes: tuple[float, ...]) -> BoxedImage:
    labels = tuple(LabelledBox(0, box) for box in boxes)  # type: ignore[arg-type]
    return BoxedImage(Path("a.png"), 64, 64, labels)


def _found(*rows: tuple[float, ...]) -> Boxes:
    return np.array(rows, np.float32).reshape(-1, 6)


def test_it_lies_halfway_between_the_right_boxes_and_the_wrong_ones() -> None:
    found = _found((*TRUE[0], 0.9, 0), (*TRUE[1], 0.6, 0), (50, 50, 60, 60, 0.2, 0))
    basis = threshold_from_boxes([Measured(found, _image(*TRUE))], "1 image")
    assert basis.value == pytest.approx(0.4)
    assert basis.method == "where F1 of boxes is highest (1.00, 2 boxes of 1 image)"


def test_a_second_box_on_the_same_defect_or_of_another_class_is_wrong() -> None:
    found = _found(
        (*TRUE[0], 0.9, 0), (1, 1, 11, 11, 0.8, 0), (*TRUE[1], 0.7, 1), (*TRUE[1], 0.5, 0)
    )
    basis = threshold_from_boxes([Measured(found, _image(*TRUE))], "1 image")
    # Taking all four: 2 right of 4, F1 = 2/3; taking the first only: 1 right of 1, F1 = 2/3.
    assert basis.value == pytest.approx(0.85)


def test_where_nothing_is_found_it_is_the_usual_one_and_says_so() -> None:
    basis = threshold_from_boxes([Measured(_found(), _image(*TRUE))], "1 image")
    assert (basis.value, basis.good_parts) == (USUAL, 0)
    assert "none of 2 boxes" in basis.method


def test_good_parts_among_the_images_are_counted() -> None:
    measured = [Measured(_found((*TRUE[0], 0.9, 0)), _image(TRUE[0])), Measured(_found(), _image())]
    assert threshold_from_boxes(measured, "2 images").good_parts == 1


@settings(deadline=None)
@given(some.lists(some.tuples(some.floats(0.01, 1), some.booleans()), min_size=1, max_size=30))
def test_no_other_threshold_has_a_better_f1(scored: list[tuple[float, bool]]) -> None:
    measured = [
        Measured(_found((*(TRUE[0] if right else (50, 50, 60, 60)), score, 0)), _image(TRUE[0]))
        for score, right in scored
    ]
    value = threshold_from_boxes(measured, "images").value

    def f1(threshold: float) -> float:
        taken = [right for score, right in scored if np.float32(score) >= threshold]
        return 2 * sum(taken) / (len(taken) + len(scored))

    if any(right for _, right in scored) and 0.05 < value < 0.95:
        distinct = {np.float32(score) for score, _ in scored}
        if len(distinct) == len(scored):
            assert f1(value) == pytest.approx(max(f1(float(score)) for score in distinct))
