from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest

from edgeinspect.core.inspection import StationAddress
from edgeinspect.records.turns import Turns

ONE, TWO, THREE = (StationAddress(site="a", line="b", station=name) for name in "xyz")
PATIENCE_S = 10.0


class Recording:
    """A thread that takes its turn and keeps it until told to go on."""

    def __init__(self, pool: ThreadPoolExecutor, turns: Turns, of: Collection[StationAddress]):
        self.begun, self._go_on = Event(), Event()
        self._done = pool.submit(self._run, turns, of)

    def _run(self, turns: Turns, of: Collection[StationAddress]) -> None:
        with turns.of(of) if of else turns.of_all():
            self.begun.set()
            assert self._go_on.wait(PATIENCE_S)

    def end(self) -> None:
        self._go_on.set()
        self._done.result(PATIENCE_S)


@pytest.mark.parametrize(
    ("at_once", "second", "together"),
    [
        (2, (TWO, THREE), True),
        (2, (THREE, ONE), False),
        (1, (TWO,), False),
        (2, (), False),
    ],
)
def test_a_station_is_recorded_by_one_thread_at_a_time(
    at_once: int, second: Collection[StationAddress], together: bool
) -> None:
    turns = Turns(at_once)
    with ThreadPoolExecutor(2) as pool, ExitStack() as ends:
        first = Recording(pool, turns, (ONE,))
        ends.callback(first.end)
        assert first.begun.wait(PATIENCE_S)
        other = Recording(pool, turns, second)
        ends.callback(other.end)
        if not together:
            # Nothing tells that a thread waits; that it begins afterwards is what counts.
            assert not other.begun.wait(0.05)
            first.end()
        assert other.begun.wait(PATIENCE_S)
