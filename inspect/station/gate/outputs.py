"""What moves the gate: every kind of wire behind the same four calls. Light to import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from ...core.modbus import HIGHEST, Device, parse_spot
from ..wires.gpio import GpioWire
from ..wires.modbus import ModbusWire


class Output(Protocol):
    """A wire to the gate, used by one thread; after a WireError it is opened again."""

    def open(self) -> None:
        """Take hold of it, without letting a part through. Raises WireError."""
        ...

    def write(self, is_open: bool) -> None:
        """Open the gate or close it. Raises WireError."""
        ...

    def beat(self) -> None:
        """Show whoever is at the other end that somebody minds the gate. Raises WireError."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...

    def look(self) -> str:
        """Say what is there, in words for a person; moves nothing, and is not open afterwards.

        Raises WireError.
        """
        ...


class ModbusOutput:
    """A coil or holding register: 1 lets parts through, 0 rejects them.

    `heartbeat` is a holding register that counts up at every beat, and over from 65535 to 0.
    """

    def __init__(self, device: Device, spot: str, heartbeat: int | None = None) -> None:
        self._device = device
        self._wire = ModbusWire(device)
        self._spot = parse_spot(spot)
        self._heartbeat = None if heartbeat is None else parse_spot(f"register/{heartbeat}")
        self._beats = 0

    def open(self) -> None:
        """Connect to the device."""
        self._wire.open()

    def write(self, is_open: bool) -> None:
        """Write 1 to let parts through, or 0."""
        self._wire.write(self._spot, int(is_open))

    def beat(self) -> None:
        """Count the heartbeat up, where there is one."""
        if self._heartbeat is not None:
            self._beats = (self._beats + 1) & HIGHEST
            self._wire.write(self._heartbeat, self._beats)

    def close(self) -> None:
        """Hang up; the device keeps what was written last."""
        self._wire.close()

    def look(self) -> str:
        """Read what would be written."""
        read = self._wire.read_bit if self._spot.is_bit else self._wire.read_register
        try:
            self._wire.open()
            return f"{self._device}: {self._spot} is there, and holds {int(read(self._spot))}"
        finally:
            self._wire.close()


class GpioOutput:
    """A pin: active lets parts through. Let go of, it floats to where a resistor pulls it."""

    def __init__(self, number: int, active_high: bool = True) -> None:
        self._number = number
        self._wire = GpioWire(number, active_high=active_high)

    def open(self) -> None:
        """Take the pin, inactive at first."""
        self._wire.open_output(on=False)

    def write(self, is_open: bool) -> None:
        """Make the pin active to let parts through, or not."""
        self._wire.write(is_open)

    def beat(self) -> None:
        """Do nothing: a pin falls with the box that drives it."""

    def close(self) -> None:
        """Let go of the pin."""
        self._wire.close()

    def look(self) -> str:
        """Leave the pin alone: to try it is to drive it."""
        return f"gpio:{self._number}: not tried, for that would drive the pin"


@dataclass(frozen=True, slots=True)
class OutputPlace:
    """Which output to use, as it travels to the guard."""

    kind: str
    options: dict[str, Any]

    def output(self) -> Output:
        """Return the output, not open yet."""
        options = dict(self.options)
        if self.kind == "opcua":
            from .opcua_output import OpcuaOutput

            return OpcuaOutput(**options)
        if self.kind == "mqtt":
            from .mqtt_output import MqttOutput  # not light: it brings the settings along

            return MqttOutput(**options)
        if self.kind == "modbus":
            device = Device(options.pop("host"), options.pop("port"), options.pop("unit"))
            return ModbusOutput(device, **options)
        return GpioOutput(**options)
