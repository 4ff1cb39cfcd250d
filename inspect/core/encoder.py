"""What counts the way of the belt, in one line: `modbus://10.0.0.7/input-register/40`, `gpio:17`.

Light to import, for the guard of the gate starts with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from .address import Address, parse_address
from .errors import SettingsError
from .modbus import parse_device

_KINDS = "modbus://10.0.0.7:502/input-register/40?bits=32 or gpio:17"
_Pace = Annotated[float, Field(ge=1, le=100)]
_Jitter = Annotated[int, Field(ge=0, le=1000)]


@dataclass(frozen=True, slots=True)
class EncoderPlace:
    """The kind of a counter and what it is opened with, in plain values.

    It is read every `poll_s`, begins anew after `bits` bits, and may step back by `jitter` counts
    as a belt does that comes to rest.
    """

    kind: str
    options: dict[str, Any]
    bits: int
    poll_s: float
    jitter: int


@dataclass(frozen=True, slots=True)
class _Register:
    where: str
    unit: Annotated[int, Field(ge=0, le=255)] = 1
    bits: Literal["16", "32"] = "16"
    first: Literal["high", "low"] = "high"
    poll_ms: _Pace = 10.0
    jitter: _Jitter = 2


@dataclass(frozen=True, slots=True)
class _Pin:
    number: Annotated[int, Field(ge=0, le=999)]
    active: Literal["high", "low"] = "high"
    poll_ms: _Pace = 10.0


PIN_BITS = 64
"""A pin is counted here, and for ever."""


def parse_encoder(line: str) -> EncoderPlace:
    """Return what `line` names. Raises SettingsError with what is wrong."""
    address = parse_address(line, SettingsError)
    try:
        if address.kind == "modbus":
            return _modbus(address)
        if address.kind == "gpio":
            pin = address.read_as(_Pin, "number")
            options = {"number": pin.number, "active_high": pin.active == "high"}
            return EncoderPlace("gpio", options, PIN_BITS, pin.poll_ms / 1e3, 0)
    except (SettingsError, ValueError) as error:
        said = str(error).removeprefix(f"{address.shown}: ").removesuffix(".")
        raise SettingsError(said.removesuffix("; mend that value")) from None
    raise SettingsError(f"it is no encoder this version knows; write {_KINDS}")


def _modbus(address: Address) -> EncoderPlace:
    said = address.read_as(_Register, "where")
    device, spot = parse_device(said.where, said.unit)
    if spot.is_bit:
        raise ValueError(f"{spot} is one bit; name a register, as input-register/40 or register/40")
    options = {"host": device.host, "port": device.port, "unit": device.unit, "spot": str(spot)}
    halves = {"words": int(said.bits) // 16, "low_first": said.first == "low"}
    return EncoderPlace("modbus", options | halves, int(said.bits), said.poll_ms / 1e3, said.jitter)
