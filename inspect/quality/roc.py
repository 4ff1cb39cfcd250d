"""How well a score tells bad parts from good ones, over all thresholds at once."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


def auroc(good: Scores, bad: Scores) -> float:
    """Return the area under the ROC curve: the chance that a bad part outscores a good one.

    Ties count one half (Mann-Whitney U over its maximum). Raises ValueError when either is empty.
    """
    if not (good.size and bad.size):
        raise ValueError("auroc needs the scores of at least one good and one bad part")
    ordered = np.sort(good)
    below = np.searchsorted(ordered, bad, side="left").astype(np.float64)
    not_above = np.searchsorted(ordered, bad, side="right").astype(np.float64)
    return float((below + not_above).mean() / 2 / good.size)
