"""Outcomes counted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.recipe import Recipe
from ...core.verdict import Verdict
from ...datasets.layout import GOOD
from ...decision.decide import threshold_of
from ...quality.overlap import PixelTally, aupro, pixel_auroc
from ...quality.precision import average_precision
from ...quality.rates import rate
from ...quality.roc import Scores, auroc, recall_at_overkill
from ...quality.tradeoff import LabelledScores
from ..judge import Judge
from .defects import Defect
from .measures import (
    AT_OVERKILL,
    LARGE_FROM,
    SMALL_BELOW,
    ClassCount,
    Evaluation,
    PixelMeasures,
    Remark,
    Size,
    SizeCount,
)
from .outcome import Judged, Outcome
from .remarks import remarks_on_outcomes, remarks_on_recipe


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """How many images got which verdict."""

    images: int
    passed: int
    failed: int
    review: int


def count(
    judged: Judged, judge: Judge, recipe: Recipe, remarks: tuple[Remark, ...] = ()
) -> Evaluation:
    """Count what `judge` and `recipe` made of the images; `remarks` are those on their files."""
    outcomes = judged.outcomes
    good = [each for each in outcomes if each.image.is_good]
    bad = [each for each in outcomes if not each.image.is_good]
    of_good, of_bad = _verdicts(good), _verdicts(bad)
    good_scores, bad_scores = scores_of(good), scores_of(bad)
    is_ranked = good_scores.size and bad_scores.size
    times_ms = [each.ms for each in outcomes if each.ms is not None]
    return Evaluation(
        images=len(outcomes),
        good=len(good),
        bad=len(bad),
        image_auroc=round(auroc(good_scores, bad_scores), 4) if is_ranked else None,
        average_precision=(
            round(average_precision(good_scores, bad_scores), 4) if is_ranked else None
        ),
        threshold=threshold_of(recipe, judge.manifest.threshold.value),
        escapes=of_bad.passed,
        escape_rate=rate(of_bad.passed, of_bad.images),
        overkill=of_good.failed,
        overkill_rate=rate(of_good.failed, of_good.images),
        review=of_good.review + of_bad.review,
        unreadable=sum(not each.is_readable for each in outcomes),
        ms_per_image=_quantile(times_ms, 0.5),
        ms_95=_quantile(times_ms, 0.95),
        classes=_classes(outcomes, good_scores),
        sizes=_sizes(bad),
        pixels=_pixel_measures(judged.pixels),
        boxes=judged.boxes,
        remarks=(*remarks, *remarks_on_outcomes(outcomes), *remarks_on_recipe(recipe)),
        model=judge.ref,
        recipe=recipe.ref,
    )


def scores_of(outcomes: Sequence[Outcome]) -> Scores:
    """Return the scores of those parts that were judged."""
    return np.array([each.score for each in outcomes if each.score is not None], np.float64)


def labelled_scores(outcomes: Sequence[Outcome]) -> LabelledScores:
    """Return the scores of the good parts, and of the bad ones by their class."""
    by_label = _by_label(outcomes)
    good = scores_of(by_label.pop(GOOD, []))
    bad = scores_of([each for each in outcomes if not each.image.is_good])
    return LabelledScores(good, bad, {label: scores_of(own) for label, own in by_label.items()})


def _classes(outcomes: Sequence[Outcome], good_scores: Scores) -> tuple[ClassCount, ...]:
    by_label = _by_label(outcomes)
    return tuple(_class_count(label, own, good_scores) for label, own in by_label.items())


def _by_label(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """Return the outcomes by label, in its order; one with several classes is in each."""
    labels = sorted({label for each in outcomes for label in each.image.labels})
    return {label: [each for each in outcomes if label in each.image.labels] for label in labels}


def _class_count(label: str, own: list[Outcome], good_scores: Scores) -> ClassCount:
    found = _verdicts(own)
    counts = label, found.images, found.passed, found.failed, found.review
    if label == GOOD:
        return ClassCount(*counts)
    caught = None
    if good_scores.size:
        caught = rate(recall_at_overkill(good_scores, scores_of(own), AT_OVERKILL), found.images)
    return ClassCount(*counts, rate(found.failed, found.images), caught)


def _sizes(bad: Sequence[Outcome]) -> tuple[SizeCount, ...]:
    """Return the sizes that there are, small to large."""
    marked = [each for each in bad if each.defects]
    defects = [defect for each in marked for defect in each.defects]
    counted = (
        _size_count(
            size,
            [each for each in marked if _size_of(_largest(each)) is size],
            [defect for defect in defects if _size_of(defect.share) is size],
        )
        for size in Size
    )
    return tuple(each for each in counted if each.defects)


def _size_count(size: Size, own: list[Outcome], defects: list[Defect]) -> SizeCount:
    parts = _verdicts(own)
    return SizeCount(
        size,
        parts.images,
        parts.passed,
        parts.failed,
        parts.review,
        rate(parts.failed, parts.images),
        len(defects),
        sum(defect.is_found for defect in defects),
    )


def _largest(outcome: Outcome) -> float:
    return max(defect.share for defect in outcome.defects)


def _size_of(share: float) -> Size:
    if share < SMALL_BELOW:
        return Size.SMALL
    return Size.MEDIUM if share < LARGE_FROM else Size.LARGE


def _pixel_measures(tally: PixelTally | None) -> PixelMeasures | None:
    if tally is None or not tally.can_be_measured:
        return None
    return PixelMeasures(round(pixel_auroc(tally), 4), round(aupro(tally), 4), tally.regions)


def _verdicts(outcomes: Sequence[Outcome]) -> _Verdicts:
    passed, failed, review = (
        sum(each.verdict is verdict for each in outcomes)
        for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.REVIEW)
    )
    return _Verdicts(len(outcomes), passed, failed, review)


def _quantile(times_ms: list[float], share: float) -> float:
    return round(float(np.quantile(times_ms, share)), 3) if times_ms else 0.0
