"""The empty scene, slowly followed, and which columns of a picture differ from it."""

from dataclasses import dataclass
from math import exp

import cv2
import numpy as np

from .light import KNOWN, WELL_KNOWN, Light, brightness
from .runs import Columns, Run, runs_of
from .small import Grey

FOLLOW_S = 10.0
"""The empty scene follows what is seen of it with this time constant."""
NOISES = 5.0
"""A pixel differs when it does so by so many times its own noise."""
BESIDE = 3
"""Columns beside a run, where its shadow lies, are not taken for the empty scene."""


@dataclass(frozen=True, slots=True)
class Empty:
    """The empty scene: its grey values, how much each differs by itself, and how light swings."""

    grey: Grey
    noise: Grey
    swing: float = 1.0


class Scene:
    """Compares pictures with the empty scene; how bright the light is just now does not matter.

    `contrast` in grey values, `cover` and `gap` as shares of 1.
    """

    def __init__(self, empty: Empty, contrast: float, cover: float, gap: float) -> None:
        self._grey = empty.grey.copy()
        self._noise = empty.noise.copy()
        self._contrast = contrast
        self._cover = cover
        self._gap = gap
        self._light = Light(len(empty.grey), empty.swing)
        self._free = np.ones(empty.grey.shape[1], bool)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the pictures it can look at."""
        return self._grey.shape

    def look(self, grey: Grey, passed_s: float) -> list[Run]:
        """Return what covers the view, `passed_s` after the picture before."""
        share = 1 - exp(-passed_s / FOLLOW_S)
        # What was free before may be covered now, so the light is told again by what is left.
        first = self._seen(grey, self._light.gain(grey, self._grey, self._free))
        seen = first
        if first.runs:
            seen = self._seen(grey, self._light.gain(grey, self._grey, first.free))
        if seen.free.mean() < KNOWN:
            seen = self._in_another_light(grey, seen)
        self._free = seen.free
        if seen.free.mean() >= WELL_KNOWN:
            self._light.follow(seen.gain, share)
        self._follow(grey, seen, share)
        return seen.runs

    def _in_another_light(self, grey: Grey, seen: "_Seen") -> "_Seen":
        """Return what is seen in the light, of those it had before, in which most is empty."""
        others = [self._seen(grey, gain) for gain in self._light.gains()]
        best = max([seen, *others], key=lambda each: each.free.sum())
        if not best.free.any():
            return seen
        refined = self._seen(grey, self._light.at_most(brightness(grey, self._grey, best.free)))
        return max(best, refined, key=lambda each: each.free.sum())

    def _seen(self, grey: Grey, gain: Grey) -> "_Seen":
        differs = evened(np.abs(grey * gain - self._grey))
        limit = np.maximum(self._contrast, NOISES * self._noise)
        strong = (differs > limit).mean(axis=0) >= self._cover
        weak = (differs > limit / 2).mean(axis=0) >= self._cover
        runs = runs_of(strong, weak, self._gap)
        return _Seen(gain, runs, differs, _free(runs, grey.shape[1]))

    def _follow(self, grey: Grey, seen: "_Seen", share: float) -> None:
        free = seen.free
        self._grey[:, free] += share * (grey - self._grey)[:, free]
        # The mean of what differs by chance is 0.8 of its deviation.
        self._noise[:, free] += share * (1.25 * seen.differs - self._noise)[:, free]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What covers the view in a light, by how much pixels differ, and which columns are free."""

    gain: Grey
    runs: list[Run]
    differs: Grey
    free: Columns


def evened(grey: Grey) -> Grey:
    """Return the mean of some pixels across the way; along it, where gaps are narrow, all stays."""
    return np.asarray(cv2.blur(grey, (1, 5)), np.float32)


def _free(runs: list[Run], count: int) -> Columns:
    free = np.ones(count, bool)
    for run in runs:
        first, last = round(run.start * count) - BESIDE, round(run.end * count) + BESIDE
        free[max(0, first) : last] = False
    return free
