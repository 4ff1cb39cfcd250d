"""Something that moves through the view, until it is told of."""

from math import inf
from typing import Generic, TypeVar

from .runs import Run

Shot = TypeVar("Shot")
"""What is handed out for a part: its picture."""

MARGIN = 0.0125
"""Of the view. What has come over the line is beyond it by this much; so is what has passed it."""
AS_GOOD = 0.00625
"""A later picture is as good as an earlier one that is nearer to the line by no more than this."""
SIGHTINGS = 2
"""What was seen once is a flash, or too fast."""


class Thing(Generic[Shot]):
    """Where it was seen last, `steps` pictures ago, and the picture in which it is seen best.

    `has_come` says whether it was over the line of the view, 0 to 1, at any time.
    """

    def __init__(self, run: Run, shot: Shot, line: float) -> None:
        self._line = line
        self._side = _side(run, line)
        self._best = True, inf
        self._shot: Shot | None = None
        self._is_told = False
        self.run, self.steps = run, 0
        self.sightings = 1
        self.has_come = False
        self._note_place(run)
        self._note_shot(run, shot)

    def see(self, run: Run, shot: Shot) -> None:
        """Note where it is now."""
        self.run, self.steps = run, 0
        self.sightings += 1
        self._note_place(run)
        self._note_shot(run, shot)

    def _note_shot(self, run: Run, shot: Shot) -> None:
        # Whole rather than in the middle; of pictures as good the last, for it may have stopped.
        far = abs(run.centre - self._line)
        cut_off = not run.is_whole
        if (cut_off, far - AS_GOOD) <= self._best:
            self._best = min(self._best, (cut_off, far))
            self._shot = None if self._is_told else shot

    @property
    def is_known(self) -> bool:
        """Whether it was seen often enough to be no flash."""
        return self.sightings >= SIGHTINGS

    def is_thought_at(self, run: Run) -> None:
        """Note where it must have gone while nobody saw it."""
        self._note_place(run)

    def has_passed(self) -> bool:
        """Whether it will not come nearer to the line any more."""
        if not (self.has_come and self.is_known):
            return False
        if not self.run.start < self._line < self.run.end:
            return True
        came_in_whole = self.run.start > 0 if self._side < 0 else self.run.end < 1
        is_beyond = _side(self.run, self._line) != self._side
        far = abs(self.run.centre - self._line)
        return is_beyond and came_in_whole and far > self._best[1] + MARGIN

    def told(self) -> list[Shot]:
        """Return its picture, once."""
        if self._is_told or self._shot is None:
            return []
        shot, self._shot, self._is_told = self._shot, None, True
        return [shot]

    def _note_place(self, run: Run) -> None:
        is_over = run.start < self._line - MARGIN and run.end > self._line + MARGIN
        self.has_come = self.has_come or is_over or _side(run, self._line) != self._side


def _side(run: Run, line: float) -> int:
    return -1 if run.centre < line else 1
