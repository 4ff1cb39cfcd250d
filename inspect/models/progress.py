"""How a long task says how far it is."""

from collections.abc import Callable, Sequence
from itertools import accumulate

OnProgress = Callable[[int, int], None]
"""Hears how many steps are done, and of how many."""


def silent(_done: int, _total: int) -> None:
    """Say nothing."""


def in_stages(on_progress: OnProgress, steps: Sequence[int]) -> list[Callable[[int], None]]:
    """Return for each stage of a task of so many steps what hears how many of its own are done."""
    total = sum(steps)

    def stage(before: int) -> Callable[[int], None]:
        return lambda done: on_progress(before + done, total)

    return [stage(before) for before in accumulate(steps[:-1], initial=0)]
