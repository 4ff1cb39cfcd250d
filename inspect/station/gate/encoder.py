"""Reads the encoder of the belt all the time, in a thread of its own, so that no output waits."""

from __future__ import annotations

import os
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from ...core.errors import WireError
from ...core.modbus import Device, parse_spot
from ..wires.gpio import GpioWire
from ..wires.modbus import ModbusWire
from .belt import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWER_S = 0.25
"""So long a device may take to say its count."""
RETRY_S = 0.25
_FAREWELL_S = 1.0
_WORD_BITS, _WORD = 16, 0xFFFF


class Counter(Protocol):
    """What holds the count, used by one thread; after a WireError it is opened again."""

    def open(self) -> None:
        """Take hold of it. Raises WireError."""
        ...

    def read(self) -> int:
        """Return what it holds. Raises WireError."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class RegisterCounter:
    """A register of a Modbus device, or two: with `low_first` the first is the low half."""

    def __init__(self, device: Device, spot: str, words: int, low_first: bool) -> None:
        self._wire = ModbusWire(device, ANSWER_S)
        self._spot = parse_spot(spot)
        self._words = words
        self._low_first = low_first

    def open(self) -> None:
        """Connect to the device."""
        self._wire.open()

    def read(self) -> int:
        """Ask the device."""
        held = self._wire.read_register(self._spot, self._words)
        if self._low_first and self._words > 1:
            return (held & _WORD) << _WORD_BITS | held >> _WORD_BITS
        return held

    def close(self) -> None:
        """Hang up."""
        self._wire.close()


class PinCounter:
    """A pin that becomes active once a count."""

    def __init__(self, number: int, active_high: bool) -> None:
        self._wire = GpioWire(number, active_high=active_high)

    def open(self) -> None:
        """Take the pin, and count from 0."""
        self._wire.open_counter()

    def read(self) -> int:
        """Return how often it became active."""
        return self._wire.read_count()

    def close(self) -> None:
        """Let go of the pin."""
        self._wire.close()


def counter_of(kind: str, options: dict[str, Any]) -> Counter:
    """Return the counter that an `EncoderPlace` names, not open yet."""
    rest = dict(options)
    if kind == "gpio":
        return PinCounter(**rest)
    device = Device(rest.pop("host"), rest.pop("port"), rest.pop("unit"))
    return RegisterCounter(device, **rest)


class Reader:
    """Reads a counter every `poll_s`, and goes on for ever when that fails.

    `news` gives readings, and sentences without their full stop for why there is none; `wake` can
    be read when there are any.
    """

    def __init__(self, counter: Counter, poll_s: float) -> None:
        self._counter = counter
        self._poll_s = poll_s
        self._news: SimpleQueue[Reading | str] = SimpleQueue()
        self.wake, self._waker = os.pipe()
        for end in (self.wake, self._waker):
            os.set_blocking(end, False)
        self._ending = Event()
        self._thread = Thread(target=self._read_on, name="encoder", daemon=True)
        self._thread.start()

    def news(self) -> Iterator[Reading | str]:
        """Give what was read since it was asked last; the oldest first."""
        with suppress(BlockingIOError):
            os.read(self.wake, 65_536)
        with suppress(Empty):
            while True:
                yield self._news.get_nowait()

    def close(self) -> None:
        """Read no more."""
        self._ending.set()
        self._thread.join(_FAREWELL_S)
        if not self._thread.is_alive():
            os.close(self.wake)
            os.close(self._waker)

    def _read_on(self) -> None:
        while not self._ending.is_set():
            try:
                self._counter.open()
                self._read_until_the_end()
            except WireError as error:
                self._fail(str(error).removesuffix("."))
            except Exception as error:  # noqa: BLE001 - a device can answer anything
                self._fail(f"its answer cannot be read: {error!r}")
            finally:
                self._counter.close()

    def _read_until_the_end(self) -> None:
        next_s = monotonic()
        while not self._ending.wait(max(0.0, next_s - monotonic())):
            asked_s = monotonic()
            held = self._counter.read()
            # Where the device looked between question and answer nobody knows: the middle.
            self._tell(Reading((asked_s + monotonic()) / 2, held))
            next_s = max(next_s + self._poll_s, asked_s)

    def _fail(self, why: str) -> None:
        self._tell(why)
        self._ending.wait(RETRY_S)

    def _tell(self, news: Reading | str) -> None:
        self._news.put(news)
        with suppress(BlockingIOError):  # it is awake as long as nobody has read
            os.write(self._waker, b".")
