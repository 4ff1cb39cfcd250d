"""The rule that turns a judgement into a verdict."""

from dataclasses import dataclass
from math import isfinite

from ..core.judgement import Judgement
from ..core.reason import Reason, ReasonCode
from ..core.recipe import Recipe
from ..core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, what explains it, and the threshold that was applied."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    threshold: float | None


def threshold_of(recipe: Recipe, suggested: float) -> float:
    """Return the threshold in force: the recipe decides, the model only suggests."""
    return suggested if recipe.threshold is None else recipe.threshold


def decide(judgement: Judgement, recipe: Recipe, suggested: float) -> Decision:
    """Decide on a judged part; `suggested` is the model's threshold.

    A score at or above the threshold fails, one inside the recipe's review margin below it goes
    to review, and so do a score that is not a finite number and a part that may have been laid
    wrongly, whatever its score.
    """
    threshold, score = threshold_of(recipe, suggested), judgement.score
    if not (isfinite(score) and isfinite(threshold)):
        return undecided(ReasonCode.SCORE_UNKNOWN, "the score or the threshold is not a number")
    if judgement.doubt is not None:
        return _decision(Verdict.REVIEW, ReasonCode.PART_UNPLACED, judgement.doubt, threshold)
    if score >= threshold:
        text = f"score {score:.3g} reaches the threshold {threshold:.3g}"
        return _decision(Verdict.FAIL, ReasonCode.ABOVE_THRESHOLD, text, threshold)
    if score >= threshold - recipe.review_margin * abs(threshold):
        text = f"score {score:.3g} is close to the threshold {threshold:.3g}"
        return _decision(Verdict.REVIEW, ReasonCode.NEAR_THRESHOLD, text, threshold)
    return Decision(Verdict.PASS, (), threshold)


def undecided(code: ReasonCode, text: str) -> Decision:
    """Decide on a part that could not be judged: it goes to review, and says why."""
    return Decision(Verdict.REVIEW, (Reason(code=code, text=text[:300]),), None)


def _decision(verdict: Verdict, code: ReasonCode, text: str, threshold: float) -> Decision:
    return Decision(verdict, (Reason(code=code, text=text),), threshold)
