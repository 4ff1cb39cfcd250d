"""Looks at every picture of a camera, and says which of them shows a part that passed."""

import logging

import numpy as np

from ...core.frame import Frame, Image
from .learning import Learning
from .options import Present
from .passing import Passing
from .runs import Run
from .scene import Empty, Scene
from .small import Grey, small

BLIND_S = 1.0
"""After so long without a picture nobody knows what moved where."""
STUCK_S = 60.0
"""So long a place in the view may be covered."""
_WAY_OUT = "let it be empty for {learn_s:g} s, or name a picture of it in empty="

_log = logging.getLogger(__name__)


class Eye:
    """Sees each part that passes a line in the picture once, and hands out its best frame.

    `trouble` says why it cannot see any at present, in a sentence. For one thread.
    """

    def __init__(self, present: Present, empty: Image | None) -> None:
        self._present = present
        self._limits = present.contrast, present.cover / 100, present.gap / 100
        self._named = None if empty is None else empty.shape[:2]
        self._scene = None if empty is None else self._of(small(empty, present))
        self._learning = Learning(present.learn_s, *self._limits)
        self._passing: Passing[Frame] = Passing(present.line / 100)
        self._last: Frame | None = None
        self._free_s = np.zeros(0)
        self.trouble: str | None = None if self._scene else self._unlearned()

    def look(self, frame: Frame) -> list[Frame]:
        """Return the frames of parts that are seen now to have passed; each is one seen before."""
        if frame.image is None:
            return []
        if self._named not in (None, frame.image.shape[:2]):
            self.trouble = _other_size(self._present, frame.image)
            return []
        grey = small(frame.image, self._present)
        before, self._last = self._last, frame
        passed_s = frame.captured_s - before.captured_s if before else 0.0
        parts = self._passing.end() if passed_s > BLIND_S else []
        if self._scene is None or self._scene.shape != grey.shape:
            self._learn(grey, frame.captured_s)
            return parts
        runs = self._scene.look(grey, max(0.0, passed_s))
        self._note_stuck(runs, frame.captured_s)
        glimpsed = self._passing.glimpsed
        parts += self._passing.see(runs, frame, _steps(before, frame))
        if self._passing.glimpsed > glimpsed:
            _log.warning("something was at the line in one picture alone, and is taken for no part")
        return parts

    def end(self) -> list[Frame]:
        """Return the frames of parts that are at the line still."""
        return self._passing.end()

    def _of(self, grey: Grey) -> Scene:
        return Scene(Empty(grey, np.zeros_like(grey)), *self._limits)

    def _learn(self, grey: Grey, at_s: float) -> None:
        self._scene = None
        empty = self._learning.learn(grey, at_s)
        if empty is None:
            self.trouble = self._unlearned()
            return
        self._scene = Scene(empty, *self._limits)
        self._learning = Learning(self._present.learn_s, *self._limits)
        self.trouble = None

    def _unlearned(self) -> str:
        why = "something moves in it; " if self._learning.moves else ""
        way_out = _WAY_OUT.format(learn_s=self._present.learn_s)
        return f"the empty scene is not learned yet, and no part is seen: {why}{way_out}."

    def _note_stuck(self, runs: list[Run], now_s: float) -> None:
        count = self._scene.shape[1] if self._scene else 0
        if len(self._free_s) != count:
            self._free_s = np.full(count, now_s)
        covered = np.zeros(count, bool)
        for run in runs:
            covered[int(run.start * count) : int(np.ceil(run.end * count))] = True
        self._free_s[~covered] = now_s
        place = int(np.argmin(self._free_s))
        self.trouble = None
        if now_s - self._free_s[place] > STUCK_S:
            self.trouble = (
                f"something covers the view of the trigger at {100 * place / count:.0f} % of its "
                f"way for more than {STUCK_S:g} s: a part that stopped, dirt, or another light; "
                "take it away, or start the station anew with an empty scene."
            )


def _steps(before: Frame | None, now: Frame) -> int:
    if before is None or before.number is None or now.number is None:
        return 1
    return max(1, now.number - before.number)


def _other_size(present: Present, image: Image) -> str:
    height, width = image.shape[:2]
    return (
        f"the empty scene {present.empty} is of another size than the camera's picture, "
        f"{width}x{height}; take it anew with edgeinspect camera snapshot."
    )
