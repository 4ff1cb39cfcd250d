"""Moves a gate that no station moves, to see that it moves, and how fast."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Event
from time import monotonic

from ...core.errors import WireError
from .mover import REFRESH_S
from .outputs import Output


@dataclass(frozen=True, slots=True)
class Move:
    """One move: to where, and the milliseconds until the other end had taken it."""

    open: bool
    took_ms: float


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done by hand: the gate ends closed."""

    actuator: str
    connect_ms: float
    moves: tuple[Move, ...]


def move_by_hand(
    output: Output, actuator: str, times: int, pause_s: float, see: Callable[[Move], object]
) -> Moved:
    """Open and close the gate `times` times, `pause_s` apart; `see` is told of each move.

    The level is written anew and the heartbeat counts meanwhile, as a station does it. Whatever
    happens, an attempt to close the gate comes last. Raises WireError.
    """
    moves: list[Move] = []
    connect_ms = _timed(output.open)
    try:
        output.write(False)
        for is_open in (True, False) * times:
            moves.append(Move(is_open, _timed(partial(output.write, is_open))))
            see(moves[-1])
            _hold(output, is_open, pause_s)
    finally:
        with suppress(WireError):  # after an error, or Ctrl-C, it may be open
            output.write(False)
        output.close()
    return Moved(actuator, connect_ms, tuple(moves))


def _hold(output: Output, is_open: bool, pause_s: float) -> None:
    until_s, pause = monotonic() + pause_s, Event()
    output.beat()
    while (left_s := until_s - monotonic()) > 0:
        pause.wait(min(REFRESH_S, left_s))
        output.write(is_open)
        output.beat()


def _timed(act: Callable[[], object]) -> float:
    began_s = monotonic()
    act()
    return round((monotonic() - began_s) * 1e3, 1)
