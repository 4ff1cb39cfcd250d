"""Holds the gate: a small process that closes it when the station stops breathing.

Run as `python -m edgeinspect.station.gate.guard`. It reads lines of JSON: first a `Watch`, then
beats, parts and verdicts; it writes lines of JSON about what it did and what stands in its way.
The end of its input closes the gate at once, silence closes it after the watchdog's time.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from ...core.encoder import EncoderPlace
from .belt import Belt, Odometer
from .by_count import ByCount
from .encoder import Reader, counter_of
from .lines import ByClock, Line
from .mover import Mover
from .outputs import OutputPlace
from .plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Watch:
    """What a guard is started with; `encoder` holds an EncoderPlace where parts go by its count."""

    kind: str
    options: dict[str, Any]
    rests_open: bool
    watchdog_s: float
    encoder: dict[str, Any] | None = None

    def mover(self, tell: Callable[[dict[str, Any]], None]) -> Mover:
        """Return what moves the gate on this watch."""
        output = OutputPlace(self.kind, self.options).output()
        return Mover(output, self._line(), self.watchdog_s, tell)

    def _line(self) -> Line:
        plan = Plan(rests_open=self.rests_open)
        if self.encoder is None:
            return ByClock(plan)
        place = EncoderPlace(**self.encoder)
        reader = Reader(counter_of(place.kind, place.options), place.poll_s)
        return ByCount(plan, Belt(Odometer(place.bits, place.jitter)), reader)


def _tell(said: dict[str, Any]) -> None:
    # A station that reads no more must not make the gate wait.
    with suppress(BlockingIOError, BrokenPipeError):
        os.write(sys.stdout.fileno(), json.dumps(said).encode() + b"\n")


def main() -> None:
    """Keep watch until the input ends."""
    for number in (signal.SIGINT, signal.SIGTERM):  # they are for the station, whose end is ours
        signal.signal(number, signal.SIG_IGN)
    os.set_blocking(sys.stdout.fileno(), False)
    _keep_watch(sys.stdin.fileno())


def _keep_watch(asked: int) -> None:
    mover: Mover | None = None
    rest, wait_s = b"", None
    try:
        while block := _read(asked, mover.wake if mover is not None else None, wait_s):
            *lines, rest = (rest + block.strip(b"\0")).split(b"\n")
            for line in filter(None, lines):
                said = json.loads(line)
                if mover is None:
                    mover = Watch(**said).mover(_tell)
                else:
                    mover.hear(said, monotonic())
            if mover is not None:
                wait_s = max(0.0, mover.mind(monotonic()) - monotonic())
    finally:  # whatever happened, nothing passes a gate that nobody holds
        if mover is not None:
            mover.end()


def _read(asked: int, wake: int | None, wait_s: float | None) -> bytes:
    """Return what was said; a zero byte when nothing was in time, and nothing at the end."""
    awaited = [asked] if wake is None else [asked, wake]
    if asked not in select.select(awaited, [], [], wait_s)[0]:
        return b"\0"
    return os.read(asked, _BLOCK)


if __name__ == "__main__":
    main()
