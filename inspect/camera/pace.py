"""When the next of what is played is due."""

from threading import Event
from time import monotonic


class Pace:
    """So many a second, counted from the start; 0 is as fast as they are taken."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._taken = 0
        self._start_s = monotonic()

    def wait(self, closed: Event) -> bool:
        """Wait until the next one is due and count it; False when closed before."""
        due_s = self._start_s + self._taken / self._rate if self._rate else 0.0
        if closed.wait(max(0.0, due_s - monotonic())):
            return False
        self._taken += 1
        return True

    def go_on(self) -> None:
        """Let the next one be due now: those due meanwhile are not made up for."""
        self._start_s = monotonic() - (self._taken / self._rate if self._rate else 0.0)
