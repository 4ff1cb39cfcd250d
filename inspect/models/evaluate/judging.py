"""Labelled images judged and decided upon, exactly as on the line, one after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...core.errors import DatasetError, ImageError, ModelError
from ...core.finding import Finding
from ...core.frame import Image
from ...core.judgement import Judgement
from ...core.recipe import Recipe
from ...core.verdict import Verdict
from ...datasets.images import read_image
from ...datasets.layout import LabelledImage
from ...quality.overlap import PixelTally
from ..answer import BOXES
from ..assess import Assessment, assess
from ..family import ANSWERS
from ..judge import Judge
from ..placement import place
from ..progress import OnProgress, silent
from .boxes import Boxed, check_can_measure, measure_boxes
from .defects import Defects, TrueBox
from .heat import heat_of
from .outcome import Judged, Outcome

TrueBoxes = Mapping[Path, Sequence[TrueBox]]
"""The boxes that people drew, by image; in an image that is not named none was drawn."""

LOWEST_BOX_SCORE = 0.0
"""Boxes are measured from there on: average precision looks at every threshold."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What came of one image, of its pixels, and its findings of every score."""

    outcome: Outcome
    pixels: PixelTally | None = None
    found: tuple[Finding, ...] = ()


def judge_images(
    images: Sequence[LabelledImage],
    judge: Judge,
    recipe: Recipe,
    on_progress: OnProgress = silent,
    boxes: TrueBoxes | None = None,
) -> Judged:
    """Judge every image by `judge` and `recipe`; `boxes` are given where they were drawn.

    What cannot be read or judged is a review, as it would be on the line. Raises DatasetError when
    there are no images, or boxes and nothing to measure them with.
    """
    if not images:
        raise DatasetError("there are no images to evaluate; sort some into test/CLASS folders.")
    if boxes is not None:
        check_can_measure()
    has_masks = any(image.mask is not None for image in images)
    outcomes, tally, boxed = [], None, []
    for done, image in enumerate(images, 1):
        true = tuple(boxes.get(image.path, ())) if boxes is not None else ()
        seen = _seen(image, judge, recipe, true, has_masks)
        outcomes.append(seen.outcome)
        judgement = seen.outcome.judgement
        boxed.append(Boxed(true, judgement.findings if judgement else (), seen.found))
        if seen.pixels is not None:
            tally = seen.pixels if tally is None else tally + seen.pixels
        on_progress(done, len(images))
    measured = None if boxes is None else measure_boxes(boxed, judge.manifest.classes)
    return Judged(tuple(outcomes), tally, measured)


def _seen(
    image: LabelledImage,
    judge: Judge,
    recipe: Recipe,
    boxes: tuple[TrueBox, ...],
    has_masks: bool,
) -> _Seen:
    try:
        pixels = read_image(image.path)
    except ImageError as error:
        return _Seen(Outcome(image, Verdict.REVIEW, str(error), is_readable=False))
    try:
        done = assess(pixels, judge, recipe)
        found = _every_finding(judge, pixels, done.judgement)
    except ModelError as error:
        return _Seen(Outcome(image, Verdict.REVIEW, str(error)))
    defects, doubt = _defects(image, pixels, boxes)
    tally = _pixels(image, pixels, judge, done.judgement, defects) if has_masks else None
    return _Seen(_outcome(image, done, defects, doubt, boxes), tally, found)


def _outcome(
    image: LabelledImage,
    done: Assessment,
    defects: Defects | None,
    doubt: str | None,
    boxes: tuple[TrueBox, ...],
) -> Outcome:
    judgement = done.judgement
    return Outcome(
        image,
        done.decision.verdict,
        why="; ".join(reason.text for reason in done.decision.reasons),
        judgement=judgement,
        ms=done.judge_ms + done.decide_ms if judgement else None,
        defects=defects.told_by(judgement.findings if judgement else ()) if defects else (),
        boxes=boxes,
        doubt=doubt,
    )


def _every_finding(judge: Judge, pixels: Image, judgement: Judgement | None) -> tuple[Finding, ...]:
    """Return findings down to the lowest score where boxes are drawn; a map's are cut at its
    threshold.
    """
    if judgement is None:
        return ()
    if BOXES in ANSWERS[judge.manifest.findings]:
        return judge.judge(pixels, LOWEST_BOX_SCORE).findings
    return judgement.findings


def _defects(
    image: LabelledImage, pixels: Image, boxes: Sequence[TrueBox]
) -> tuple[Defects | None, str | None]:
    """Return the marked defects, or what is wrong with them."""
    height, width = pixels.shape[:2]
    try:
        if image.mask is not None:
            return Defects.of_mask(image.mask, width, height), None
    except DatasetError as error:
        return None, str(error)
    return (Defects.of_boxes(boxes, width, height) if boxes else None), None


def _pixels(
    image: LabelledImage,
    pixels: Image,
    judge: Judge,
    judgement: Judgement | None,
    defects: Defects | None,
) -> PixelTally | None:
    """Count pixels by how high they score; None where there is no map or no mask that can be used.

    All pixels of a good part are normal.
    """
    if judgement is None or judgement.anomaly_map is None:
        return None
    if not np.isfinite(judgement.anomaly_map).all():
        return None
    if image.is_good:
        region = np.zeros(pixels.shape[:2], np.int32)
    elif image.mask is not None and defects is not None:
        region = defects.region
    else:
        return None
    return PixelTally.of(heat_of(judgement.anomaly_map, place(pixels, judge.manifest)), region)
