"""The empty scene, slowly followed, and which columns of a picture differ from it."""

from dataclasses import dataclass
from math import exp

import cv2
import numpy as np

from .runs import Columns, Run, runs_of
from .small import Grey

FOLLOW_S = 10.0
"""The empty scene follows what is seen of it with this time constant."""
NOISES = 5.0
"""A pixel differs when it does so by so many times its own noise."""
DARK = 8.0
"""Grey values that are added to both before they are compared: black has no brightness."""
BRIGHTER = 2.0
"""A lamp may be up to so many times as bright as it was, or as dim."""
KNOWN = 0.1
"""The brightness is that of the columns nobody covers, if they are so much of the view."""
BESIDE = 3
"""Columns beside a run, where its shadow lies, are not taken for the empty scene."""


@dataclass(frozen=True, slots=True)
class Empty:
    """The empty scene: its grey values, and how much each of them differs by itself."""

    grey: Grey
    noise: Grey


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
        self._gain = np.ones((len(empty.grey), 1), np.float32)
        self._free = np.ones(empty.grey.shape[1], bool)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the pictures it can look at."""
        return self._grey.shape

    def look(self, grey: Grey, passed_s: float) -> list[Run]:
        """Return what covers the view, `passed_s` after the picture before."""
        self._gain = gain(grey, self._grey, self._free, self._gain)
        differs = evened(np.abs(grey * self._gain - self._grey))
        limit = np.maximum(self._contrast, NOISES * self._noise)
        runs = runs_of(
            self._covered(differs > limit), self._covered(differs > limit / 2), self._gap
        )
        self._free = _beside(runs, grey.shape[1])
        self._follow(grey, differs, 1 - exp(-passed_s / FOLLOW_S))
        return runs

    def _covered(self, differs: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]") -> Columns:
        return np.asarray(differs.mean(axis=0) >= self._cover)

    def _follow(self, grey: Grey, differs: Grey, share: float) -> None:
        free = self._free
        self._grey[:, free] += share * (grey - self._grey)[:, free]
        # The mean of what differs by chance is 0.8 of its deviation.
        self._noise[:, free] += share * (1.25 * differs - self._noise)[:, free]


def gain(grey: Grey, empty: Grey, free: Columns, before: Grey) -> Grey:
    """Return by what each row is to be multiplied to be as bright as the empty one.

    Row by row, for mains light and a rolling shutter make stripes. Judged by the columns that were
    `free`; where they are too few it stays as it was `before`.
    """
    if free.mean() < KNOWN:
        return before
    ratio = (empty[:, free] + DARK) / (grey[:, free] + DARK)
    return np.clip(np.median(ratio, axis=1, keepdims=True), 1 / BRIGHTER, BRIGHTER)


def evened(grey: Grey) -> Grey:
    """Return the mean of some pixels across the way; along it, where gaps are narrow, all stays."""
    return np.asarray(cv2.blur(grey, (1, 5)), np.float32)


def _beside(runs: list[Run], count: int) -> Columns:
    free = np.ones(count, bool)
    for run in runs:
        first, last = round(run.start * count) - BESIDE, round(run.end * count) + BESIDE
        free[max(0, first) : last] = False
    return free
