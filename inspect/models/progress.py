"""How a long task says how far it is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")

OnProgress = Callable[[int, int], None]
"""Hears how many steps are done, and of how many."""


Tell = Callable[[str], None]
"""Hears a sentence for a person."""


def tell_nobody(_said: str) -> None:
    """Say nothing."""


def silent(_done: int, _total: int) -> None:
    """Say nothing."""


def in_stages(on_progress: OnProgress, steps: Sequence[int]) -> list[Callable[[int], None]]:
    """Return for each stage of a task of so many steps what hears how many of its own are done."""
    total = sum(steps)

    def stage(before: int) -> Callable[[int], None]:
        return lambda done: on_progress(before + done, total)

    return [stage(before) for before in accumulate(steps[:-1], initial=0)]


@dataclass(slots=True)
class Steps:
    """The steps of a task that may turn out to have more of them."""

    on_progress: OnProgress
    total: int
    taken: int = 0

    def take(self, steps: int = 1) -> None:
        """Say that so many more are done."""
        self.taken += steps
        self.on_progress(self.taken, self.total)

    def add(self, steps: int) -> None:
        """Say that there are so many more to do."""
        self.total += steps

    def through(self, each: Iterable[T]) -> Iterator[T]:
        """Give each, a step for every one."""
        for one in each:
            yield one
            self.take()
