"""A frame judged and decided upon: one path for the line and for evaluation."""

from dataclasses import dataclass, replace
from time import perf_counter

from ..core.frame import Image
from ..core.judgement import Judgement
from ..core.recipe import Recipe
from ..core.verdict import Verdict
from ..decision.decide import Decision, decide, threshold_of
from ..decision.frame_gate import unlike_region, unlike_taught
from ..decision.gates import gated
from .judge import Judge


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the model said (None when the frame was not fit to be judged) and what was decided."""

    judgement: Judgement | None
    decision: Decision
    judge_ms: float
    decide_ms: float


def assess(image: Image, judge: Judge, recipe: Recipe) -> Assessment:
    """Judge `image` (uint8 (height, width, 3), BGR) and decide by `recipe`.

    A frame unlike those the model was taught on goes to review unjudged.
    """
    start = perf_counter()
    manifest = judge.manifest
    unfit = unlike_taught(image, manifest.taught_frames) or unlike_region(image, manifest.region)
    if unfit is not None:
        decision = Decision(Verdict.REVIEW, (unfit,), None)
        return Assessment(None, decision, 0.0, (perf_counter() - start) * 1e3)
    judgement = judge.judge(image, threshold_of(recipe, manifest.threshold.value))
    if recipe.calibration is not None:
        judgement = _measured(judgement, recipe.calibration.mm_per_px)
    judged = perf_counter()
    decision = decide(judgement, recipe, manifest.threshold.value)
    verdict, against = gated(
        decision.verdict, judgement.gates, manifest.taught_gates, recipe.image_gates
    )
    decision = Decision(verdict, (*decision.reasons, *against), decision.threshold)
    decided = perf_counter()
    return Assessment(judgement, decision, (judged - start) * 1e3, (decided - judged) * 1e3)


def _measured(judgement: Judgement, mm_per_px: float) -> Judgement:
    findings = tuple(finding.measured(mm_per_px) for finding in judgement.findings)
    return replace(judgement, findings=findings)
