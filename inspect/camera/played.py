"""What is played rather than seen has a pace, and is never away."""

from collections.abc import Callable
from threading import Event
from time import monotonic

from .condition import FINE, Condition


class Played:
    """Hands out so many a second, counted from the start; 0 is as fast as they are taken."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._taken = 0
        self._start_s = monotonic()
        self._closed = Event()

    def skip(self) -> None:
        """Go on at the usual pace: those that were due meanwhile are not made up for."""
        self._start_s = monotonic() - (self._taken / self._rate if self._rate else 0.0)

    def watch(self, listener: Callable[[Condition], object]) -> None:
        """Tell `listener` that all is well: what is played is never away."""
        listener(FINE)

    def health(self) -> None:
        """Return nothing: every frame waits until it is judged."""

    def close(self) -> None:
        """Stop playing."""
        self._closed.set()

    def _wait_until_due(self) -> bool:
        """Wait until the next one is due and count it; False when closed before."""
        due_s = self._start_s + self._taken / self._rate if self._rate else 0.0
        if self._closed.wait(max(0.0, due_s - monotonic())):
            return False
        self._taken += 1
        return True
