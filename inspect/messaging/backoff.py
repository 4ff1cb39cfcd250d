"""How long to wait before the next attempt."""

from random import Random

FIRST_S, LONGEST_S = 1.0, 15.0


class Backoff:
    """Waits twice as long after each failure, up to 15 s, and never as long as the others.

    Of a hundred stations that lost their broker at once, each comes back at a time of its own.
    """

    def __init__(self, random: Random | None = None) -> None:
        self._random = random or Random()
        self._failures = 0

    def next_s(self) -> float:
        """Return the pause after another failure, in seconds."""
        longest_s = min(LONGEST_S, FIRST_S * 2.0 ** min(self._failures, 16))
        self._failures += 1
        return self._random.uniform(longest_s / 2, longest_s)

    def reset(self) -> None:
        """Begin anew: an attempt succeeded."""
        self._failures = 0
