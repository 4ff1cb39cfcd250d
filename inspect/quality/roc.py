"""How well a score tells bad parts from good ones, over all thresholds at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a curve, from (0, 0) to (1, 1) or along it; both of one length."""

    across: Scores
    up: Scores


def auroc(good: Scores, bad: Scores) -> float:
    """Return the area under the ROC curve: the chance that a bad part outscores a good one.

    Ties count one half (Mann-Whitney U over its maximum). Raises ValueError when either is empty.
    """
    return float(outscored(good, bad).mean())


def outscored(good: Scores, bad: Scores) -> Scores:
    """Return for each bad part the share of good parts that it outscores, a tie counting half.

    Raises ValueError when either is empty.
    """
    if not (good.size and bad.size):
        raise ValueError("auroc needs the scores of at least one good and one bad part")
    ordered = np.sort(good)
    below = np.searchsorted(ordered, bad, side="left").astype(np.float64)
    not_above = np.searchsorted(ordered, bad, side="right").astype(np.float64)
    share: Scores = (below + not_above) / 2 / good.size
    return share


def roc_curve(good: Scores, bad: Scores) -> Curve:
    """Return overkill across and caught bad parts up, from the highest threshold to the lowest.

    Raises ValueError when either is empty.
    """
    if not (good.size and bad.size):
        raise ValueError("a curve needs the scores of at least one good and one bad part")
    levels = np.unique(np.concatenate([good, bad]))[::-1]
    return Curve(_reaching(good, levels), _reaching(bad, levels))


def recall_at_overkill(good: Scores, bad: Scores, overkill: float) -> int:
    """Return how many bad parts the lowest threshold catches that fails `overkill` of good parts.

    Or fewer of them: the threshold lies just above the good part that may no longer fail.
    """
    allowed = int(overkill * good.size + 1e-9)
    ordered = np.sort(good)
    return int((bad > ordered[good.size - 1 - allowed]).sum()) if allowed < good.size else bad.size


def _reaching(scores: Scores, levels: Scores) -> Scores:
    below = np.searchsorted(np.sort(scores), levels, side="left")
    return np.concatenate([[0.0], 1 - below / scores.size])
