"""Average precision of boxes, against what can be reckoned by hand."""

import pytest

from edgeinspect.core.errors import DatasetError
from edgeinspect.core.finding import BoxPx, Finding
from edgeinspect.models.evaluate import boxes as module
from edgeinspect.models.evaluate.boxes import Boxed, ClassBoxes, check_can_measure, measure_boxes
from edgeinspect.models.evaluate.defects import TrueBox

NAMED = ("open", "short")


def _box(x: float, side: float = 20) -> BoxPx:
    return (x, 10, x + side, 10 + side)


def _found(name: str, score: float, x: float, side: float = 20) -> Finding:
    return Finding(class_name=name, score=score, box_px=_box(x, side))


def test_boxes_that_are_all_right_are_perfect() -> None:
    image = Boxed(
        (TrueBox("open", _box(0)), TrueBox("short", _box(50))),
        (_found("open", 0.9, 0),),
        (_found("open", 0.9, 0), _found("short", 0.8, 50)),
    )
    found = measure_boxes([image, Boxed((), (), ())], NAMED)
    assert found is not None
    assert (found.map50, found.map50_95, found.boxes, found.by_class) == (1.0, 1.0, 2, True)
    assert found.classes == (
        ClassBoxes("open", 1, 1, 1.0, 1.0),
        ClassBoxes("short", 1, 0, 1.0, 1.0),
    )


def test_half_of_the_boxes_found_is_half_the_recall() -> None:
    true = (TrueBox("open", _box(0)), TrueBox("open", _box(50)))
    found = measure_boxes([Boxed(true, (), (_found("open", 0.9, 0),))], NAMED)
    assert found is not None
    assert found.map50 == pytest.approx(51 / 101, abs=1e-4)


def test_a_stronger_false_box_halves_the_precision() -> None:
    true = (TrueBox("open", _box(0)),)
    image = Boxed(true, (), (_found("open", 0.9, 100), _found("open", 0.5, 0)))
    found = measure_boxes([image], NAMED)
    assert found is not None
    assert found.map50 == pytest.approx(0.5)


def test_a_loose_box_counts_at_half_overlap_only() -> None:
    found = measure_boxes(
        [Boxed((TrueBox("open", _box(0)),), (), (_found("open", 1, 0, 24),))], NAMED
    )
    assert found is not None
    overlap = 20**2 / 24**2
    passed = sum(overlap >= 0.5 + 0.05 * step for step in range(10))
    assert found.map50 == 1.0
    assert found.map50_95 == pytest.approx(passed / 10)


def test_the_wrong_name_is_wrong_but_for_a_model_without_names() -> None:
    image = Boxed((TrueBox("open", _box(0)),), (), (_found("short", 0.9, 0),))
    named, nameless = measure_boxes([image], NAMED), measure_boxes([image], ("anomaly",))
    assert named is not None and nameless is not None
    assert (named.map50, named.by_class) == (0.0, True)
    assert (nameless.map50, nameless.by_class) == (1.0, False)
    assert nameless.classes == (ClassBoxes("defect", 1, 0, 1.0, 1.0),)


def test_nothing_found_is_nothing_and_nothing_drawn_is_none() -> None:
    found = measure_boxes([Boxed((TrueBox("open", _box(0)),), (), ())], NAMED)
    assert found is not None and found.map50 == 0.0
    assert measure_boxes([Boxed((), (), (_found("open", 1, 0),))], NAMED) is None


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    check_can_measure()
    monkeypatch.setattr(module, "find_spec", lambda _name: None)
    with pytest.raises(DatasetError, match=r"pip install edgeinspect\[evaluate\]"):
        check_can_measure()
