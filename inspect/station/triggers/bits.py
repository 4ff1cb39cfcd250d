"""The bits that a trigger is read from."""

from ...core.modbus import Device, Spot
from ..wires.gpio import GpioWire
from ..wires.modbus import ModbusWire


class CoilBit:
    """A coil or input bit of a Modbus device."""

    def __init__(self, device: Device, spot: Spot) -> None:
        self._wire = ModbusWire(device)
        self._spot = spot

    def open(self) -> None:
        """Connect; raises WireError."""
        self._wire.open()

    def read(self) -> bool:
        """Return its state; raises WireError."""
        return self._wire.read_bit(self._spot)

    def close(self) -> None:
        """Hang up."""
        self._wire.close()


class PinBit:
    """A pin of this box."""

    def __init__(self, number: int) -> None:
        self._wire = GpioWire(number)

    def open(self) -> None:
        """Take the pin; raises WireError."""
        self._wire.open_input()

    def read(self) -> bool:
        """Return its state; raises WireError."""
        return self._wire.read_bit()

    def close(self) -> None:
        """Let go of it."""
        self._wire.close()
