"""How pure the parts are that a score puts first."""

import numpy as np

from .roc import Curve, Scores


def average_precision(good: Scores, bad: Scores) -> float:
    """Return the mean, over the bad parts, of the share of bad ones among all that score as high.

    The sum over thresholds of precision times the step in recall, without interpolation (C. D.
    Manning, P. Raghavan and H. Schütze, "Introduction to Information Retrieval", 2008, 8.4).
    It depends on how many parts of each kind there are. Raises ValueError when either is empty.
    """
    curve = precision_curve(good, bad)
    steps = np.diff(np.concatenate([[0.0], curve.across]))
    return float((steps * curve.up).sum())


def precision_curve(good: Scores, bad: Scores) -> Curve:
    """Return recall across and precision up, from the highest threshold to the lowest.

    Raises ValueError when either is empty.
    """
    if not (good.size and bad.size):
        raise ValueError("precision needs the scores of at least one good and one bad part")
    levels = np.unique(bad)[::-1]
    caught = bad.size - np.searchsorted(np.sort(bad), levels, side="left")
    overdone = good.size - np.searchsorted(np.sort(good), levels, side="left")
    return Curve(caught / bad.size, caught / (caught + overdone))
