"""Which run of a picture is which of those in the picture before."""

from collections.abc import Sequence
from dataclasses import dataclass

from .runs import Run

AT_RIM, INSIDE = 0.25, 0.6
"""What it costs to believe that something came or went: at an end of the view little, in it more
the farther it is from there. Moving one view farther than expected costs 1."""
GONE = 0.02
ALIKE = 0.05
OF_SIZE = 0.5


@dataclass(frozen=True, slots=True)
class Expected:
    """Something seen before, as it was, and how far it should have moved since."""

    run: Run
    by: float

    @property
    def there(self) -> Run:
        """Where it should be now; it may be out of the view."""
        return self.run.moved(self.by)


Pair = tuple[int | None, int | None]
"""The numbers of something before, and of a run now; None for none."""


def matched(before: Sequence[Expected], now: Sequence[Run]) -> tuple[float, list[Pair]]:
    """Return what is which, and what it costs to believe that.

    Nothing overtakes another on its way, so that the cheapest of all ways to pair them in order
    is found as two spellings of a word are compared.
    """
    costs = [[0.0] * (len(now) + 1) for _ in range(len(before) + 1)]
    for i, each in enumerate(before):
        costs[i + 1][0] = costs[i][0] + _going(each)
    for j, run in enumerate(now):
        costs[0][j + 1] = costs[0][j] + _coming(run)
    for i, each in enumerate(before):
        for j, run in enumerate(now):
            costs[i + 1][j + 1] = min(
                costs[i][j] + _staying(each, run),
                costs[i][j + 1] + _going(each),
                costs[i + 1][j] + _coming(run),
            )
    return costs[-1][-1], _way_back(costs, before, now)


def moved_by(before: Run, now: Run, expected: float) -> float:
    """Return how far something moved, by those of its ends that were in the view both times."""
    by = []
    if before.start > 0 and now.start > 0:
        by.append(now.start - before.start)
    if before.end < 1 and now.end < 1:
        by.append(now.end - before.end)
    if by:
        return sum(by) / len(by)
    fills_view = (before.start, before.end) == (now.start, now.end)
    return expected if fills_view else now.centre - before.centre


def is_same_size(before: Run, now: Run) -> bool:
    """Whether it may be one thing; what is cut off by an end of the view may be any size."""
    if not (before.is_whole and now.is_whole):
        return True
    return abs((now.end - now.start) - (before.end - before.start)) < ALIKE


def _way_back(
    costs: list[list[float]], before: Sequence[Expected], now: Sequence[Run]
) -> list[Pair]:
    i, j = len(before), len(now)
    pairs: list[Pair] = []
    while i or j:
        here = costs[i][j]
        if i and j and here == costs[i - 1][j - 1] + _staying(before[i - 1], now[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif i and here == costs[i - 1][j] + _going(before[i - 1]):
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return pairs[::-1]


def _staying(before: Expected, now: Run) -> float:
    cost = abs(moved_by(before.run, now, before.by) - before.by)
    if before.run.is_whole and now.is_whole:
        cost += OF_SIZE * abs((now.end - now.start) - (before.run.end - before.run.start))
    return cost


def _going(before: Expected) -> float:
    there = before.there
    if there.start >= 1 or there.end <= 0:
        return GONE
    return AT_RIM + INSIDE * max(0.0, min(there.start, 1 - there.end))


def _coming(now: Run) -> float:
    return AT_RIM + INSIDE * max(0.0, min(now.start, 1 - now.end))
