"""A device that speaks Modbus/TCP: one connection, used by one thread.

Light to import, for the guard of the gate starts with it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from ...core.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pymodbus.client import ModbusTcpClient

    from ...core.modbus import Device, Spot

ANSWER_S = 1.0
"""So long a device may take to answer; a cell's own PLC takes a few milliseconds."""


class ModbusWire:
    """A connection to a device; after a WireError it is opened again before it is used."""

    def __init__(self, device: Device, answer_s: float = ANSWER_S) -> None:
        self._device = device
        self._answer_s = answer_s
        self._client: ModbusTcpClient | None = None

    def open(self) -> None:
        """Connect. Raises WireError when nobody answers, or `pymodbus` is not installed."""
        self.close()
        client = _make_client(self._device, self._answer_s)
        if not client.connect():  # type: ignore[no-untyped-call]
            client.close()  # type: ignore[no-untyped-call]
            raise WireError(
                f"{self._device}: nobody answers; check its power, cable, address and port."
            )
        self._client = client

    def read_bit(self, spot: Spot) -> bool:
        """Return the state of a coil or input bit; raises WireError."""
        read = "read_coils" if spot.table == "coil" else "read_discrete_inputs"
        return bool(self._ask(read, spot).bits[0])

    def read_register(self, spot: Spot, words: int = 1) -> int:
        """Return a register's value, 0 to 65535; `words=2` takes the next as its low half."""
        read = "read_holding_registers" if spot.table == "register" else "read_input_registers"
        value = 0
        for word in self._ask(read, spot, count=words).registers:
            value = value << 16 | word
        return value

    def write(self, spot: Spot, value: int) -> None:
        """Set a coil (0 or 1) or a holding register (0 to 65535); raises WireError."""
        if spot.is_bit:
            self._ask("write_coil", spot, bool(value))
        else:
            self._ask("write_register", spot, value)

    def close(self) -> None:
        """Hang up; may be called twice."""
        if self._client is not None:
            self._client.close()  # type: ignore[no-untyped-call]
        self._client = None

    def _ask(self, what: str, spot: Spot, *given: Any, **options: Any) -> Any:
        from pymodbus.exceptions import ModbusException

        client, device = self._client, self._device
        if client is None:
            raise WireError(f"{device}: is not connected; open it first.")
        ask: Callable[..., Any] = getattr(client, what)
        try:
            answer = ask(spot.number, *given, device_id=device.unit, **options)
        except (ModbusException, OSError):
            self.close()
            raise WireError(
                f"{device}: gave no answer about {spot}; check it, its cable, and unit "
                f"{device.unit}."
            ) from None
        if answer.isError():
            raise WireError(
                f"{device}: refuses {spot} (Modbus exception {_code(answer)}); check its number "
                f"and kind, and unit {device.unit}."
            )
        return answer


def _code(answer: Any) -> int:
    return int(getattr(answer, "exception_code", 0))


def _make_client(device: Device, answer_s: float) -> ModbusTcpClient:
    try:
        from pymodbus.client import ModbusTcpClient
    except ImportError:
        raise WireError(
            f"{device}: is reached with pymodbus, which is missing; install the extra `modbus`, "
            "as in edgeinspect[modbus]."
        ) from None
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL + 1)  # what counts is raised
    return ModbusTcpClient(device.host, port=device.port, timeout=answer_s, retries=0)
