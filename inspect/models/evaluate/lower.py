"""What a lower threshold would catch at no cost."""

from collections.abc import Sequence
from math import inf

from ...core.verdict import Verdict
from .outcome import Outcome


def caught_for_nothing(outcomes: Sequence[Outcome], threshold: float) -> int:
    """Return how many bad parts that pass would fail at a lower threshold at which no more of the
    good parts fail. 0 without good parts, for then nobody knows the cost.
    """
    good = [each.score for each in outcomes if each.image.is_good and each.score is not None]
    if not good:
        return 0
    highest = max((score for score in good if score < threshold), default=-inf)
    escaped = (each for each in outcomes if not each.image.is_good)
    return sum(
        each.verdict is Verdict.PASS and each.score is not None and each.score > highest
        for each in escaped
    )
