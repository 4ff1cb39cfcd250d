"""A lower threshold that costs nothing is told, one that costs something is not."""

from pathlib import Path

import pytest

from edgeinspect.core.judgement import Judgement
from edgeinspect.core.verdict import Verdict
from edgeinspect.datasets.layout import LabelledImage
from edgeinspect.models.evaluate.lower import caught_for_nothing
from edgeinspect.models.evaluate.outcome import Outcome


def _outcome(label: str, score: float) -> Outcome:
    verdict = Verdict.FAIL if score >= 5 else Verdict.PASS
    return Outcome(LabelledImage(Path("a.png"), label), verdict, judgement=Judgement(score))


@pytest.mark.parametrize(
    ("good", "bad", "caught"),
    [
        ((1, 2), (3, 4, 1.5, 9), 2),
        ((1, 4.5), (3, 4), 0),
        ((1, 3), (3,), 0),
        ((1, 2, 8), (4,), 1),
        ((8, 9), (4,), 1),
        ((), (4,), 0),
        ((1, 2), (), 0),
    ],
)
def test_escapes_above_every_good_part_that_passes_are_counted(
    good: tuple[float, ...], bad: tuple[float, ...], caught: int
) -> None:
    outcomes = [_outcome("good", score) for score in good]
    outcomes += [_outcome("dent", score) for score in bad]
    assert caught_for_nothing(outcomes, 5) == caught


def test_what_could_not_be_judged_counts_for_nothing() -> None:
    unjudged = Outcome(LabelledImage(Path("b.png"), "dent"), Verdict.REVIEW)
    assert caught_for_nothing([unjudged, _outcome("good", 1)], 5) == 0
