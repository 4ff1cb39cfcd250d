"""Labelled images judged and decided upon, exactly as on the line, one after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np

from ...core.errors import DatasetError, ImageError, ModelError
from ...core.frame import Image
from ...core.judgement import Judgement
from ...core.recipe import Recipe
from ...core.verdict import Verdict
from ...datasets.images import read_image
from ...datasets.layout import LabelledImage
from ...quality.overlap import PixelTally
from ..assess import assess
from ..judge import Judge
from ..placement import place
from ..progress import OnProgress, silent
from .defects import Defects, TrueBox
from .heat import heat_of

TrueBoxes = Mapping[Path, Sequence[TrueBox]]
"""The boxes that people drew, by image; an image that is not named has none drawn."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one image; what is None is not known.

    `why` is what explains the verdict. `defect_share` is the share of the frame that is defective,
    `located` says whether a finding lies on a defect, `doubt` what is wrong with the mask.
    """

    image: LabelledImage
    verdict: Verdict
    why: str = ""
    judgement: Judgement | None = None
    ms: float | None = None
    defect_share: float | None = None
    located: bool | None = None
    doubt: str | None = None
    is_readable: bool = True

    @property
    def score(self) -> float | None:
        """The model's score, when the part was judged and it is a number."""
        if self.judgement is None or not isfinite(self.judgement.score):
            return None
        return self.judgement.score


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of every image, and, where there are masks, of their pixels."""

    outcomes: tuple[Outcome, ...]
    pixels: PixelTally | None


def judge_images(
    images: Sequence[LabelledImage],
    judge: Judge,
    recipe: Recipe,
    on_progress: OnProgress = silent,
    boxes: TrueBoxes | None = None,
) -> Judged:
    """Judge every image by `judge` and `recipe`. Raises DatasetError when there are none.

    What cannot be read or judged is a review, as it would be on the line.
    """
    if not images:
        raise DatasetError("there are no images to evaluate; sort some into test/CLASS folders.")
    has_masks = any(image.mask is not None for image in images)
    outcomes, tally = [], None
    for done, image in enumerate(images, 1):
        outcome, pixels = _judged(image, judge, recipe, (boxes or {}).get(image.path, ()))
        outcomes.append(outcome)
        if has_masks and pixels is not None:
            tally = pixels if tally is None else tally + pixels
        on_progress(done, len(images))
    return Judged(tuple(outcomes), tally)


def _judged(
    image: LabelledImage, judge: Judge, recipe: Recipe, boxes: Sequence[TrueBox]
) -> tuple[Outcome, PixelTally | None]:
    try:
        pixels = read_image(image.path)
    except ImageError as error:
        return Outcome(image, Verdict.REVIEW, str(error), is_readable=False), None
    try:
        done = assess(pixels, judge, recipe)
    except ModelError as error:
        return Outcome(image, Verdict.REVIEW, str(error)), None
    judgement = done.judgement
    defects, doubt = _defects(image, pixels, boxes)
    located = defects.are_touched_by(judgement.findings) if defects and judgement else None
    outcome = Outcome(
        image,
        done.decision.verdict,
        "; ".join(reason.text for reason in done.decision.reasons),
        judgement,
        done.judge_ms + done.decide_ms if judgement else None,
        defects.share if defects else None,
        located,
        doubt,
    )
    return outcome, _pixels(image, pixels, judge, judgement, defects)


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
