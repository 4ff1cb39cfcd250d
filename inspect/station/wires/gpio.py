"""A pin of the box itself, through gpiozero; GPIOZERO_PIN_FACTORY chooses what drives it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ...core.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Iterator


class GpioWire:
    """One pin by its BCM number, as an input or as an output.

    With `active_high` False a low pin reads as True, and is written by True. An input has its
    pull resistor on the idle side, so that a wire torn off reads as False.
    """

    def __init__(self, number: int, *, active_high: bool = True) -> None:
        self._number = number
        self._active_high = active_high
        self._device: Any = None
        self._edges = 0

    def open_input(self) -> None:
        """Take the pin to read it. Raises WireError."""
        self.close()
        with self._told():
            from gpiozero import DigitalInputDevice

            self._device = DigitalInputDevice(self._number, pull_up=not self._active_high)

    def open_counter(self) -> None:
        """Take the pin to count how often it becomes active, from 0 on. Raises WireError."""
        self.open_input()
        self._edges = 0
        with self._told():
            self._taken().when_activated = self._count_edge

    def read_count(self) -> int:
        """Return how often the pin became active since it was taken; raises WireError."""
        with self._told():
            self._taken()
            return self._edges

    def _count_edge(self) -> None:
        self._edges += 1

    def open_output(self, *, on: bool = False) -> None:
        """Take the pin to drive it, first to `on`. Raises WireError."""
        self.close()
        with self._told():
            from gpiozero import DigitalOutputDevice

            self._device = DigitalOutputDevice(
                self._number, active_high=self._active_high, initial_value=on
            )

    def read_bit(self) -> bool:
        """Say whether the pin is active; raises WireError."""
        with self._told():
            return bool(self._taken().value)

    def write(self, on: bool) -> None:
        """Make the pin active, or not; raises WireError."""
        with self._told():
            self._taken().value = on

    def close(self) -> None:
        """Let go of the pin, which then floats to where its resistor pulls it."""
        if self._device is not None:
            self._device.close()
        self._device = None

    def _taken(self) -> Any:
        if self._device is None:
            raise WireError(f"gpio:{self._number}: the pin is not open; open it first.")
        return self._device

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except WireError:
            raise
        except ModuleNotFoundError:
            raise WireError(
                f"gpio:{self._number}: pins are reached with gpiozero, which is missing; install "
                "the extra `gpio`, as in edgeinspect[gpio]."
            ) from None
        except Exception as error:  # noqa: BLE001 - each pin library raises errors of its own
            said = str(error) or type(error).__name__
            raise WireError(
                f"gpio:{self._number}: the pin cannot be used ({said}); "
                "check its number, that nothing else has it, and the right to /dev/gpiochip0."
            ) from None
