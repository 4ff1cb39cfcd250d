"""How a model does on labelled images, judged and decided exactly as on the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from ..core.errors import DatasetError, ImageError
from ..core.recipe import Recipe
from ..core.verdict import Verdict
from ..datasets.images import read_image
from ..datasets.layout import LabelledImage
from ..decision.decide import threshold_of
from ..quality.rates import Rate, rate
from ..quality.roc import auroc
from .assess import assess
from .judge import Judge
from .progress import OnProgress, silent


@dataclass(frozen=True, slots=True)
class ClassCount:
    """The verdicts on the images of one label."""

    label: str
    images: int
    passed: int
    failed: int
    review: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out; escapes are bad parts passed, overkill is good parts failed.

    `image_auroc` is null unless both good and bad images were scored; `review` parts are neither
    escapes nor overkill; `unreadable` images are among them. Rates carry their 95 % interval.
    """

    images: int
    good: int
    bad: int
    image_auroc: float | None
    threshold: float
    escapes: int
    escape_rate: Rate | None
    overkill: int
    overkill_rate: Rate | None
    review: int
    unreadable: int
    ms_per_image: float
    classes: tuple[ClassCount, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    image: LabelledImage
    verdict: Verdict
    score: float | None
    ms: float | None


def evaluate(
    images: Sequence[LabelledImage],
    judge: Judge,
    recipe: Recipe,
    on_progress: OnProgress = silent,
) -> Evaluation:
    """Judge `images` by `judge` and `recipe` and count. Raises DatasetError when there are none."""
    if not images:
        raise DatasetError("there are no images to evaluate; sort some into test/CLASS folders.")
    outcomes = []
    for done, image in enumerate(images, 1):
        outcomes.append(_outcome(image, judge, recipe))
        on_progress(done, len(images))
    return _counted(outcomes, threshold_of(recipe, judge.manifest.threshold.value))


def _outcome(image: LabelledImage, judge: Judge, recipe: Recipe) -> _Outcome:
    try:
        pixels = read_image(image.path)
    except ImageError:
        return _Outcome(image, Verdict.REVIEW, None, None)
    done = assess(pixels, judge, recipe)
    score = done.judgement.score if done.judgement else None
    return _Outcome(image, done.decision.verdict, score, done.judge_ms + done.decide_ms)


def _counted(outcomes: list[_Outcome], threshold: float) -> Evaluation:
    good = [each for each in outcomes if each.image.is_good]
    bad = [each for each in outcomes if not each.image.is_good]
    times_ms = [each.ms for each in outcomes if each.ms is not None]
    labels = sorted({each.image.label for each in outcomes})
    return Evaluation(
        images=len(outcomes),
        good=len(good),
        bad=len(bad),
        image_auroc=_auroc(good, bad),
        threshold=threshold,
        escapes=_with(bad, Verdict.PASS),
        escape_rate=rate(_with(bad, Verdict.PASS), len(bad)),
        overkill=_with(good, Verdict.FAIL),
        overkill_rate=rate(_with(good, Verdict.FAIL), len(good)),
        review=_with(outcomes, Verdict.REVIEW),
        unreadable=len(outcomes) - len(times_ms),
        ms_per_image=round(median(times_ms), 3) if times_ms else 0.0,
        classes=tuple(_class_count(label, outcomes) for label in labels),
    )


def _auroc(good: list[_Outcome], bad: list[_Outcome]) -> float | None:
    good_scores = np.array([each.score for each in good if each.score is not None])
    bad_scores = np.array([each.score for each in bad if each.score is not None])
    if not (good_scores.size and bad_scores.size):
        return None
    return round(auroc(good_scores, bad_scores), 4)


def _with(outcomes: list[_Outcome], verdict: Verdict) -> int:
    return sum(each.verdict is verdict for each in outcomes)


def _class_count(label: str, outcomes: list[_Outcome]) -> ClassCount:
    own = [each for each in outcomes if each.image.label == label]
    return ClassCount(
        label=label,
        images=len(own),
        passed=_with(own, Verdict.PASS),
        failed=_with(own, Verdict.FAIL),
        review=_with(own, Verdict.REVIEW),
    )
