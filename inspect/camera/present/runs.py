"""The runs of columns that something covers, each of which may be a part."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STRONG = 2
"""So many columns of a run differ strongly from the empty scene, or it is noise."""
RIM = 1
"""A run that comes as near as this many columns to the end of the view goes on beyond it."""

Columns = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Run:
    """Where something covers the view, from `start` to `end`; 0 and 1 are the ends of the view."""

    start: float
    end: float

    @property
    def centre(self) -> float:
        """The middle of what is seen of it."""
        return (self.start + self.end) / 2

    @property
    def is_whole(self) -> bool:
        """Whether both its ends are in the view."""
        return self.start > 0 and self.end < 1

    def moved(self, by: float) -> "Run":
        """Return it, moved; it may be out of the view then."""
        return Run(self.start + by, self.end + by)


def runs_of(strong: Columns, weak: Columns, gap: float) -> list[Run]:
    """Return the runs of `weak` columns in which some are `strong`, in the order of their places.

    Two that are less than `gap` of the view apart are one.
    """
    count = len(weak)
    spans: list[tuple[int, int]] = []
    for start, end in _spans(weak):
        if strong[start:end].sum() < min(STRONG, count):
            continue
        if spans and start - spans[-1][1] < gap * count:
            start = spans.pop()[0]
        spans.append((start, end))
    return [
        Run(start / count if start > RIM else 0.0, end / count if end < count - RIM else 1.0)
        for start, end in spans
    ]


def _spans(columns: Columns) -> list[tuple[int, int]]:
    padded = np.concatenate(([False], columns, [False]))
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
