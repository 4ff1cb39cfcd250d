"""Every threshold there is to choose from: what it fails, what it lets escape, what it costs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .band import band
from .binomial import BoundedRate, bounded_rate

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prices:
    """What a mistake costs, in any unit of money, and the share of parts that are bad, 0 to 1."""

    escape: float
    overkill: float
    defect_rate: float

    def __post_init__(self) -> None:
        if not (self.escape >= 0 and self.overkill >= 0 and 0 <= self.defect_rate <= 1):
            raise ValueError("prices are 0 or more, and a defect rate lies between 0 and 1")

    def cost(self, overkill: float, escape: float) -> float:
        """Return the expected cost of a part at these shares of good and of bad parts."""
        bad = self.defect_rate
        return bad * self.escape * escape + (1 - bad) * self.overkill * overkill


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A threshold with its overkill and escapes; None where there were no parts to tell by.

    Overkill is the share of good parts at or above it, an escape a bad part below it.
    """

    threshold: float
    overkill: BoundedRate | None
    escape: BoundedRate | None
    escape_by_class: Mapping[str, BoundedRate]


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The threshold of least expected cost, what a part costs there, and the most it may cost.

    The most is at the upper bounds of overkill and escapes, each at the confidence asked for.
    """

    point: OperatingPoint
    cost: float
    cost_at_most: float


@dataclass(frozen=True, slots=True)
class LabelledScores:
    """The scores of good parts, of bad ones, and of those by class; all finite.

    A part with defects of several classes is in each of them.
    """

    good: Scores
    bad: Scores
    bad_by_class: Mapping[str, Scores]


def fixed_point(scores: LabelledScores, threshold: float, confidence: float) -> OperatingPoint:
    """Return what a threshold does that was fixed before these scores were seen."""
    return _point(scores, threshold, lambda events, of: bounded_rate(events, of, confidence))


def chosen_point(scores: LabelledScores, threshold: float, confidence: float) -> OperatingPoint:
    """Return what a threshold does that was chosen by these scores: its bounds are wider.

    Each bound holds at every threshold at once (see `band`).
    """
    return _point(scores, threshold, lambda events, of: band(of, confidence).rate(events))


def candidates(scores: LabelledScores) -> Scores:
    """Return a threshold for every way to part the scores: midway between two neighbours.

    The first fails every part, the last none; ascending, and without parts there are none.
    """
    levels = np.unique(np.concatenate([scores.good, scores.bad]))
    if not levels.size:
        return levels
    between = levels[:-1] + np.diff(levels) / 2
    between = np.where(between > levels[:-1], between, levels[1:])  # neighbours of the last bit
    return np.concatenate([levels[:1], between, [np.nextafter(levels[-1], np.inf)]])


def curve(scores: LabelledScores, confidence: float, most: int) -> tuple[OperatingPoint, ...]:
    """Return the whole trade-off, at most `most` thresholds spread evenly over the ranks."""
    every = candidates(scores)
    places = np.unique(np.linspace(0, every.size - 1, min(most, every.size)).round().astype(int))
    return tuple(chosen_point(scores, float(every[place]), confidence) for place in places)


def cheapest(scores: LabelledScores, prices: Prices, confidence: float) -> Cheapest | None:
    """Return the threshold of least expected cost, the highest of equals.

    None without both good and bad parts.
    """
    if not (scores.good.size and scores.bad.size):
        return None
    every = candidates(scores)
    overkill = 1 - np.searchsorted(np.sort(scores.good), every) / scores.good.size
    escape = np.searchsorted(np.sort(scores.bad), every) / scores.bad.size
    costs = np.array([prices.cost(*each) for each in zip(overkill, escape, strict=True)])
    best = int(np.flatnonzero(np.isclose(costs, costs.min(), rtol=1e-12, atol=0))[-1])
    point = chosen_point(scores, float(every[best]), confidence)
    at_most = prices.cost(*(each.at_most for each in (point.overkill, point.escape) if each))
    return Cheapest(point, float(costs[best]), at_most)


def _point(
    scores: LabelledScores, threshold: float, bounded: Callable[[int, int], BoundedRate | None]
) -> OperatingPoint:
    def overkill(good: Scores) -> BoundedRate | None:
        return bounded(int((good >= threshold).sum()), good.size) if good.size else None

    def escape(bad: Scores) -> BoundedRate | None:
        return bounded(int((bad < threshold).sum()), bad.size) if bad.size else None

    by_class = {name: rate for name, bad in scores.bad_by_class.items() if (rate := escape(bad))}
    return OperatingPoint(threshold, overkill(scores.good), escape(scores.bad), by_class)
