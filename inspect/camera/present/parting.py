"""Parts the run of two things whose gap is not seen for a moment."""

from collections.abc import Sequence
from itertools import pairwise

from .matching import Expected
from .runs import Run


def parted(runs: Sequence[Run], expected: Sequence[Expected]) -> list[Run]:
    """Return the runs, those in which several things should be now cut between them."""
    there = sorted((each.there for each in expected), key=lambda run: run.start)
    return [piece for run in runs for piece in _cut(run, there)]


def _cut(run: Run, there: Sequence[Run]) -> list[Run]:
    inside = [each for each in there if _is_in(each, run)]
    pieces, start = [], run.start
    for rear, front in pairwise(inside):
        middle = (rear.end + front.start) / 2
        end, next_start = min(rear.end, middle), max(front.start, middle)
        if start < end and next_start < run.end:
            pieces.append(Run(start, end))
            start = next_start
    return [*pieces, Run(start, run.end)]


def _is_in(each: Run, run: Run) -> bool:
    """Whether most of what should be in the view of it lies in a run."""
    start, end = max(each.start, 0.0), min(each.end, 1.0)
    overlap = min(end, run.end) - max(start, run.start)
    return start < end and overlap > (end - start) / 2
