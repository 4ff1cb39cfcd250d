from pathlib import Path

import pytest

from edgeinspect.core.inspection import ModelRef
from edgeinspect.core.judgement import Judgement
from edgeinspect.core.verdict import Verdict
from edgeinspect.datasets.layout import LabelledImage
from edgeinspect.models.evaluate.compare import compare
from edgeinspect.models.evaluate.outcome import Outcome

A, B = (
    ModelRef(name=name, version=1, sha256=name[0] * 64, runtime="none") for name in ("aa", "bb")
)


def _outcomes(good: list[float], bad: list[float], threshold: float = 5) -> list[Outcome]:
    labelled = [("good", score) for score in good] + [("dent", score) for score in bad]
    return [
        Outcome(
            LabelledImage(Path(f"{number}.png"), label),
            Verdict.FAIL if score >= threshold else Verdict.PASS,
            judgement=Judgement(score),
        )
        for number, (label, score) in enumerate(labelled)
    ]


def test_only_parts_that_one_got_wrong_tell_them_apart() -> None:
    first = _outcomes([1, 2, 6, 7], [4, 4, 4, 4, 4, 4, 8])
    second = _outcomes([1, 6, 2, 7], [9, 9, 9, 9, 9, 9, 4])
    found = compare(A, first, B, second)
    assert (found.overkill.only_first, found.overkill.only_second) == (1, 1)
    assert (found.escapes.only_first, found.escapes.only_second) == (6, 1)
    assert found.overkill.p == 1.0
    assert found.escapes.p == pytest.approx(0.125)
    assert found.auroc is not None and found.auroc.value > 0
    assert found.auroc_bootstrap is not None


def test_unjudged_parts_are_left_out_of_the_ranks_by_both() -> None:
    first, second = _outcomes([1, 2, 3], [7, 8, 9]), _outcomes([1, 2, 3], [7, 8, 9])
    second[0] = Outcome(second[0].image, Verdict.REVIEW)
    found = compare(A, first, B, second)
    assert (found.good, found.bad) == (3, 3)
    assert found.auroc is not None and found.auroc.value == 0


def test_too_few_parts_have_no_ranks_to_compare() -> None:
    outcomes = _outcomes([1], [7, 8])
    assert compare(A, outcomes, B, outcomes).auroc is None


def test_other_images_are_no_comparison() -> None:
    with pytest.raises(ValueError, match="zip"):
        compare(A, _outcomes([1], [2]), B, _outcomes([1], [2, 3]))
