"""How a long task says how far it is."""

from collections.abc import Callable

OnProgress = Callable[[int, int], None]
"""Hears how many steps are done, and of how many."""


def silent(_done: int, _total: int) -> None:
    """Say nothing."""
