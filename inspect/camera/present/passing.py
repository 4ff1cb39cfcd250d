"""Follows what moves through the view, and tells each thing that passes the line once."""

from collections import deque
from collections.abc import Sequence
from operator import itemgetter
from statistics import median
from typing import Generic

from .matching import Expected, Pair, is_same_size, matched, moved_by
from .parting import parted
from .runs import Run
from .thing import Shot, Thing

REMEMBERED = 15
"""So many speeds: one that was mistaken does not lead to the next mistake."""
UNSEEN = 2
"""So many pictures something may not be seen in, and is still the same."""


class Passing(Generic[Shot]):
    """Sees the runs of each picture in order; `line` is where the parts are counted, 0 to 1.

    `glimpsed` counts what was over the line in one picture alone, and told of nowhere.
    """

    def __init__(self, line: float) -> None:
        self._line = line
        self._things: list[Thing[Shot]] = []
        self._speeds = deque([0.0], maxlen=REMEMBERED)
        self.glimpsed = 0

    def see(self, runs: Sequence[Run], shot: Shot, steps: int = 1) -> list[Shot]:
        """Return the pictures of the parts that have passed, `steps` pictures after the last."""
        for thing in self._things:
            thing.steps += steps
        before, runs, pairs = self._best_matched(runs)
        kept: list[Thing[Shot]] = []
        parts: list[Shot] = []
        speeds = []
        for i, j in pairs:
            if i is None:
                if j is not None:
                    kept.append(Thing(runs[j], shot, self._line))
                continue
            thing = self._things[i]
            if j is not None:
                if is_same_size(thing.run, runs[j]):
                    speeds.append(moved_by(thing.run, runs[j], before[i].by) / thing.steps)
                thing.see(runs[j], shot)
                parts += thing.told() if thing.has_passed() else []
            elif _is_gone(before[i]) or thing.steps > UNSEEN:
                parts += self._lose(thing, before[i])
                continue
            kept.append(thing)
        self._things = kept
        if speeds:
            self._speeds.append(median(speeds))
        return parts

    def end(self) -> list[Shot]:
        """Return the pictures of what is over the line and never will be seen to pass."""
        things, self._things = self._things, []
        return [shot for thing in things for shot in self._lose(thing, None)]

    def _best_matched(self, runs: Sequence[Run]) -> tuple[list[Expected], list[Run], list[Pair]]:
        """Return what was expected where, what is seen, and which of these is which."""
        # As fast as just now, as usual, or stopped: whichever explains most of what is seen.
        speeds = dict.fromkeys((self._speeds[-1], median(self._speeds), 0.0))
        ways = [self._matched(runs, speed) for speed in speeds]
        return min(ways, key=itemgetter(0))[1]

    def _matched(
        self, runs: Sequence[Run], speed: float
    ) -> tuple[float, tuple[list[Expected], list[Run], list[Pair]]]:
        before = [Expected(thing.run, speed * thing.steps) for thing in self._things]
        known = [each for each, thing in zip(before, self._things, strict=True) if thing.is_known]
        now = parted(runs, known)
        cost, pairs = matched(before, now)
        return cost, (before, now, pairs)

    def _lose(self, thing: Thing[Shot], expected: Expected | None) -> list[Shot]:
        if not thing.is_known:
            self.glimpsed += thing.has_come
            return []
        if expected is not None and _is_gone(expected):
            thing.is_thought_at(expected.there)
        return thing.told() if thing.has_come else []


def _is_gone(expected: Expected) -> bool:
    there = expected.there
    return there.start >= 1 or there.end <= 0
