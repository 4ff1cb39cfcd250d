"""Who records what stations sent takes turns."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from threading import BoundedSemaphore, Lock

from ..core.inspection import StationAddress


class Turns:
    """Lets `at_once` threads record at a time, and of one station a single one.

    So what is computed first of a station is also said first.
    """

    def __init__(self, at_once: int) -> None:
        self._places = BoundedSemaphore(at_once)
        self._lock = Lock()
        self._turns: dict[StationAddress, Lock] = {}

    @contextmanager
    def of(self, addresses: Collection[StationAddress]) -> Iterator[None]:
        """Wait until nobody else records any of these stations, and keep others away."""
        with self._lock:
            turns = [self._turns.setdefault(each, Lock()) for each in sorted(addresses, key=str)]
        with ExitStack() as held:
            for turn in turns:
                held.enter_context(turn)
            held.enter_context(self._places)
            yield

    @contextmanager
    def of_all(self) -> Iterator[None]:
        """Wait until nobody else records, and keep all others away."""
        with self._lock, ExitStack() as held:
            for _, turn in sorted(self._turns.items(), key=lambda each: str(each[0])):
                held.enter_context(turn)
            yield
