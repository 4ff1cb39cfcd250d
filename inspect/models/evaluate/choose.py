"""The thresholds one may choose from, and what each of them promises."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...core.errors import DatasetError
from ...core.inspection import ModelRef
from ...core.recipe import Recipe
from ...decision.decide import threshold_of
from ...quality.binomial import parts_needed
from ...quality.promise import Promise, promise
from ...quality.tradeoff import (
    Cheapest,
    LabelledScores,
    OperatingPoint,
    Prices,
    cheapest,
    curve,
    fixed_point,
)
from ...quality.upcoming import most_of_upcoming
from ..judge import Judge
from .count import labelled_scores
from .measures import Remark
from .outcome import Outcome
from .remarks import remarks_on_recipe

LADDER = (0.05, 0.02, 0.01, 0.005)
CURVE_POINTS = 200
UPCOMING = 1000


@dataclass(frozen=True, slots=True)
class Need:
    """How many good parts a promise of this overkill takes, and how many are still missing."""

    overkill: float
    parts_needed: int
    missing: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the judged parts say of every threshold.

    `in_force` is the recipe's or the model's; its bounds hold if it was not chosen by these parts.
    `promised` is the lowest threshold with the promise that was asked for, null where the parts
    support none, and `promised_of_1000` how many of the next 1,000 good parts it will fail at most.
    `cheapest` and the `curve` have bounds that hold for all thresholds at once. `unjudged` parts
    are left out of everything.
    """

    model: ModelRef
    good: int
    bad: int
    unjudged: int
    in_force: OperatingPoint
    promise: Promise
    promised: OperatingPoint | None
    promised_of_1000: int | None
    needs: tuple[Need, ...]
    prices: Prices | None
    cheapest: Cheapest | None
    curve: tuple[OperatingPoint, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The overkill that is asked for, 0 to 1, how sure to be, and what mistakes cost."""

    overkill: float
    confidence: float
    prices: Prices | None


def choose(
    outcomes: Sequence[Outcome],
    judge: Judge,
    recipe: Recipe,
    wanted: Wanted,
    remarks: tuple[Remark, ...] = (),
) -> Choices:
    """Return what may be chosen. Raises DatasetError when no good part was judged."""
    scores = labelled_scores(outcomes)
    if not scores.good.size:
        raise DatasetError("no good part was judged; put some, not taught from, into test/good.")
    confidence, of = wanted.confidence, scores.good.size
    threshold = threshold_of(recipe, judge.manifest.threshold.value)
    made = promise(scores.good, wanted.overkill, confidence)
    return Choices(
        model=judge.ref,
        good=of,
        bad=scores.bad.size,
        unjudged=sum(each.score is None for each in outcomes),
        in_force=fixed_point(scores, threshold, confidence),
        promise=made,
        promised=_promised(made, scores),
        promised_of_1000=(
            None
            if made.allowed is None
            else most_of_upcoming(made.allowed, of, UPCOMING, confidence)
        ),
        needs=_needs({*LADDER, wanted.overkill}, confidence, of),
        prices=wanted.prices,
        cheapest=cheapest(scores, wanted.prices, confidence) if wanted.prices else None,
        curve=curve(scores, confidence, CURVE_POINTS),
        remarks=(*remarks, *remarks_on_recipe(recipe)),
    )


def _promised(made: Promise, scores: LabelledScores) -> OperatingPoint | None:
    """Return what the promised threshold does; its overkill is bounded by its rank, as promised."""
    if made.threshold is None or made.at_most is None:
        return None
    point = fixed_point(scores, made.threshold, made.confidence)
    overkill = point.overkill and replace(point.overkill, at_most=made.at_most)
    return replace(point, overkill=overkill)


def _needs(targets: set[float], confidence: float, good: int) -> tuple[Need, ...]:
    """Return what each promise takes, the weakest first."""
    needed = (
        (target, parts_needed(target, confidence)) for target in sorted(targets, reverse=True)
    )
    return tuple(Need(target, of, max(0, of - good)) for target, of in needed if of is not None)
