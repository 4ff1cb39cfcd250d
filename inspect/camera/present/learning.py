"""Learns the empty scene from the pictures of a while in which nothing moves."""

from collections import deque

import numpy as np

from .light import brightness, swing_of
from .scene import Empty, Scene, evened
from .small import Grey

FEWEST, MOST = 10, 50
"""Pictures that it is learned from."""


class Learning:
    """Collects pictures until nothing moved in them for `learn_s`.

    `contrast` in grey values, `cover` and `gap` as shares of 1.
    """

    def __init__(self, learn_s: float, contrast: float, cover: float, gap: float) -> None:
        self._learn_s = learn_s
        self._kept = contrast, cover, gap
        self._pictures: deque[tuple[float, Grey]] = deque()
        self.moves = False

    def learn(self, grey: Grey, at_s: float) -> Empty | None:
        """Take a picture, and return the empty scene once it is known."""
        if self._pictures and grey.shape != self._pictures[-1][1].shape:
            self._pictures.clear()
        between_s = self._learn_s / MOST
        if not self._pictures or at_s - self._pictures[-1][0] >= between_s:
            self._pictures.append((at_s, grey))
        enough = len(self._pictures) >= FEWEST
        if not enough or at_s - self._pictures[0][0] < self._learn_s:
            return None
        empty, still = self._judge([picture for _, picture in self._pictures])
        self.moves = not still
        if not still:
            for _ in range(len(self._pictures) // 2):
                self._pictures.popleft()
        return empty if still else None

    def _judge(self, pictures: list[Grey]) -> tuple[Empty, bool]:
        """Return what most of the pictures show, and whether all of them do."""
        grey = np.median(pictures, axis=0).astype(np.float32)
        free = np.ones(grey.shape[1], bool)
        gains = [brightness(each, grey, free) for each in pictures]
        swing = max(swing_of(each) for each in gains)
        differs = [np.abs(each * gain - grey) for each, gain in zip(pictures, gains, strict=True)]
        # The median of what differs by chance is 0.67 of its deviation.
        empty = Empty(grey, evened(np.median(differs, axis=0) * 1.48), swing)
        # Each picture on its own, so that what comes in slowly is not followed.
        return empty, not any(Scene(empty, *self._kept).look(each, 0.0) for each in pictures)
