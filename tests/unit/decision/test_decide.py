"""From a score to a verdict, and frames that are not judged."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.core.judgement import Judgement
from edgeinspect.core.manifest import TaughtFrames
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.verdict import Verdict
from edgeinspect.decision.decide import decide
from edgeinspect.decision.frame_gate import unlike_taught

COLOUR = TaughtFrames(
    min_width_px=640, max_width_px=640, min_height_px=480, max_height_px=480, grey=False
)


@pytest.mark.parametrize(
    ("score", "verdict"),
    [(0.5, "pass"), (0.89, "pass"), (0.9, "review"), (0.99, "review"), (1.0, "fail"), (9, "fail")],
)
def test_the_margin_lies_below_the_threshold(score: float, verdict: str) -> None:
    decision = decide(Judgement(score), Recipe(review_margin=0.1), suggested=1.0)
    assert (decision.verdict, decision.threshold) == (verdict, 1.0)
    assert bool(decision.reasons) == (verdict != "pass")


def test_the_recipes_threshold_replaces_the_models() -> None:
    assert decide(Judgement(1.5), Recipe(threshold=2.0), suggested=1.0).verdict is Verdict.PASS


@given(st.floats(), st.floats(), st.none() | st.floats(), st.floats(0, 1))
def test_only_a_known_score_below_a_known_threshold_passes(
    score: float, suggested: float, threshold: float | None, margin: float
) -> None:
    recipe = Recipe.model_construct(threshold=threshold, review_margin=margin)
    decision = decide(Judgement(score), recipe, suggested)
    in_force = suggested if threshold is None else threshold
    if decision.verdict is Verdict.PASS:
        assert np.isfinite(score)
        assert np.isfinite(in_force)
        assert score < in_force
    else:
        assert decision.reasons


def _noise(height: int, width: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(0).integers(0, 255, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(("height", "width"), [(480, 640), (400, 640), (720, 960)])
def test_a_frame_like_those_taught_is_judged(height: int, width: int) -> None:
    assert unlike_taught(_noise(height, width), COLOUR) is None


@pytest.mark.parametrize(("height", "width"), [(5000, 8000), (100, 640), (480, 1000)])
def test_a_frame_of_another_size_is_not_judged(height: int, width: int) -> None:
    reason = unlike_taught(_noise(height, width), COLOUR)
    assert reason is not None
    assert f"{width}x{height}" in reason.text


def test_a_grey_frame_is_not_judged_by_a_model_of_colour() -> None:
    grey = np.repeat(_noise(480, 640)[:, :, :1], 3, axis=2)
    reason = unlike_taught(grey, COLOUR)
    assert reason is not None
    assert "grey" in reason.text
    assert unlike_taught(grey, COLOUR.model_copy(update={"grey": True})) is None


def test_a_part_that_may_be_laid_wrongly_is_reviewed_whatever_its_score() -> None:
    for score in (0.1, 9.0):
        decision = decide(Judgement(score, doubt="no part is there"), Recipe(), suggested=1.0)
        assert decision.verdict is Verdict.REVIEW
        assert decision.reasons[0].code is ReasonCode.PART_UNPLACED
        assert decision.reasons[0].text == "no part is there"
