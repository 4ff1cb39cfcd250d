"""Outcomes counted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.recipe import Recipe
from ...core.verdict import Verdict
from ...decision.decide import threshold_of
from ...quality.overlap import PixelTally, aupro, pixel_auroc
from ...quality.precision import average_precision
from ...quality.rates import rate
from ...quality.roc import Scores, auroc, recall_at_overkill
from ...quality.tradeoff import LabelledScores
from ..judge import Judge
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
from .remarks import remarks_on_outcomes


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
        remarks=(*remarks, *remarks_on_outcomes(outcomes)),
        model=judge.ref,
        recipe=recipe.ref,
    )


def scores_of(outcomes: Sequence[Outcome]) -> Scores:
    """Return the scores of those parts that were judged."""
    return np.array([each.score for each in outcomes if each.score is not None], np.float64)


def labelled_scores(outcomes: Sequence[Outcome]) -> LabelledScores:
    """Return the scores of the good parts, and of the bad ones by their class."""
    bad = [each for each in outcomes if not each.image.is_good]
    labels = sorted({each.image.label for each in bad})
    by_class = {
        label: scores_of([each for each in bad if each.image.label == label]) for label in labels
    }
    return LabelledScores(scores_of([each for each in outcomes if each.image.is_good]), by_class)


def _classes(outcomes: Sequence[Outcome], good_scores: Scores) -> tuple[ClassCount, ...]:
    labels = sorted({each.image.label for each in outcomes})
    return tuple(
        _class_count([each for each in outcomes if each.image.label == label], good_scores)
        for label in labels
    )


def _class_count(own: list[Outcome], good_scores: Scores) -> ClassCount:
    image, found = own[0].image, _verdicts(own)
    counts = image.label, found.images, found.passed, found.failed, found.review
    if image.is_good:
        return ClassCount(*counts)
    caught = None
    if good_scores.size:
        caught = rate(recall_at_overkill(good_scores, scores_of(own), AT_OVERKILL), found.images)
    return ClassCount(*counts, rate(found.failed, found.images), caught)


def _sizes(bad: Sequence[Outcome]) -> tuple[SizeCount, ...]:
    """Return the sizes that there are, small to large."""
    by_size: dict[Size, list[Outcome]] = {size: [] for size in Size}
    for each in bad:
        if each.defect_share is not None:
            by_size[_size_of(each.defect_share)].append(each)
    return tuple(_size_count(size, own) for size, own in by_size.items() if own)


def _size_count(size: Size, own: list[Outcome]) -> SizeCount:
    found = _verdicts(own)
    located = sum(bool(each.located) for each in own if each.verdict is Verdict.FAIL)
    recall = rate(found.failed, found.images)
    return SizeCount(size, found.images, found.passed, found.failed, found.review, located, recall)


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
