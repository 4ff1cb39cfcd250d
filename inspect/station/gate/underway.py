"""What may be on its way to the gate, for when the guard was not told of a part, or forgot them."""

from ...core.recipe import GateTiming


class Underway:
    """How long nothing may pass after a part that nobody knows of; used under the keeper's lock.

    By time the station itself waits until the last part it announced is past. By counts the guard
    alone knows when that is: it is told the longest way that any part had.
    """

    def __init__(self) -> None:
        self._last_past_s = self._blind_until_s = float("-inf")
        self._longest_counts = self._lost_counts = 0

    def add(self, captured_s: float, timing: GateTiming, *, by_count: bool) -> tuple[float, float]:
        """Note a part, and return delay and hold of its way to the gate, in s or counts."""
        if by_count:
            counts = timing.delay_counts or 0, timing.hold_counts or 0
            self._longest_counts = max(self._longest_counts, sum(counts))
            return counts
        delay_s, hold_s = (timing.delay_ms or 0.0) / 1e3, timing.hold_ms / 1e3
        self._last_past_s = max(self._last_past_s, captured_s + delay_s + hold_s)
        return delay_s, hold_s

    def lose(self) -> None:
        """Note that a guard was not told of a part: it would let it through."""
        self._blind_until_s = self._last_past_s
        self._lost_counts = self._longest_counts

    def holds(self, now_s: float) -> bool:
        """Say whether the gate is to stay shut for a part that the guard may not know."""
        return now_s < self._blind_until_s

    def take_lost_counts(self) -> int:
        """Return by how many counts the belt must move on before anything passes, once; else 0."""
        span, self._lost_counts = self._lost_counts, 0
        return span
