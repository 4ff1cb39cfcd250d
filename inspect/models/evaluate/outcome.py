"""What came of labelled images that were judged and decided upon."""

from dataclasses import dataclass
from math import isfinite

from ...core.judgement import Judgement
from ...core.verdict import Verdict
from ...datasets.layout import LabelledImage
from ...quality.overlap import PixelTally
from .boxes import BoxMeasures
from .defects import Defect, TrueBox


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one image; what is None is not known.

    `why` is what explains the verdict. `defects` are those that people marked, `boxes` the
    ones they drew, and `doubt` says what is wrong with the mask.
    """

    image: LabelledImage
    verdict: Verdict
    why: str = ""
    judgement: Judgement | None = None
    ms: float | None = None
    defects: tuple[Defect, ...] = ()
    boxes: tuple[TrueBox, ...] = ()
    doubt: str | None = None
    is_readable: bool = True

    @property
    def score(self) -> float | None:
        """The model's score; None where it decides nothing.

        That is so for a part that was not judged, that may have been laid wrongly and so goes to
        review whatever its score, and for a score that is no number.
        """
        judgement = self.judgement
        if judgement is None or judgement.doubt is not None or not isfinite(judgement.score):
            return None
        return judgement.score


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of every image; where there are masks, of their pixels, and of drawn boxes."""

    outcomes: tuple[Outcome, ...]
    pixels: PixelTally | None = None
    boxes: BoxMeasures | None = None
