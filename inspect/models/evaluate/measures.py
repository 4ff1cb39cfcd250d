"""What an evaluation says; every name here is a key of `evaluate --json`."""

from dataclasses import dataclass
from enum import StrEnum

from ...core.inspection import ModelRef
from ...core.recipe import RecipeRef
from ...quality.rates import Rate
from .boxes import BoxMeasures

AT_OVERKILL = 0.02
"""The overkill at which models of different thresholds are compared."""


class Size(StrEnum):
    """How much of the frame a defect covers."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


SMALL_BELOW, LARGE_FROM = 0.001, 0.01
"""Shares of the frame: a square of a thousandth has a side of 3 % of the frame's, of a hundredth
10 %."""


@dataclass(frozen=True, slots=True)
class ClassCount:
    """The verdicts on the images of one label; an image with two classes counts in both.

    `recall` is the share of a defect class that failed; `recall_at_overkill` the same at the lowest
    threshold that fails 2 % of the good parts at most. Both are null for good parts.
    """

    label: str
    images: int
    passed: int
    failed: int
    review: int
    recall: Rate | None = None
    recall_at_overkill: Rate | None = None


@dataclass(frozen=True, slots=True)
class SizeCount:
    """The verdicts on the bad parts whose largest defect is of this size.

    `recall` is the share of them that failed. `defects` counts all that are of this size, `found`
    those that a finding lies on.
    """

    size: Size
    images: int
    passed: int
    failed: int
    review: int
    recall: Rate | None
    defects: int
    found: int


@dataclass(frozen=True, slots=True)
class PixelMeasures:
    """How well the map shows the defects, over the images of good parts and those with masks."""

    auroc: float
    aupro: float
    defects: int


class RemarkKind(StrEnum):
    """What is odd about a data set, or left out of the figures."""

    TWO_LABELS = "two_labels"
    TWICE = "twice"
    TAUGHT = "taught"
    MASK = "mask"
    UNREADABLE = "unreadable"
    UNJUDGED = "unjudged"
    GAUGES = "gauges"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd about the data, and the files or sentences that show it."""

    kind: RemarkKind
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out; escapes are bad parts passed, overkill is good parts failed.

    Null is what cannot be said: the ranks unless both good and bad images were scored, `pixels`
    without masks, `boxes` without drawn boxes. `review` parts are neither escapes nor overkill;
    `unreadable` images are among them. Rates carry their 95 % interval.
    """

    images: int
    good: int
    bad: int
    image_auroc: float | None
    average_precision: float | None
    threshold: float
    escapes: int
    escape_rate: Rate | None
    overkill: int
    overkill_rate: Rate | None
    review: int
    unreadable: int
    ms_per_image: float
    ms_95: float
    classes: tuple[ClassCount, ...]
    sizes: tuple[SizeCount, ...]
    pixels: PixelMeasures | None
    boxes: BoxMeasures | None
    remarks: tuple[Remark, ...]
    model: ModelRef
    recipe: RecipeRef
