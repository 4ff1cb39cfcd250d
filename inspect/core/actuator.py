"""What moves the gate, named in one line: `none`, `modbus://...`, `opcua://...` or `gpio:...`."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from .address import Address, parse_address
from .errors import SettingsError
from .modbus import HIGHEST, WRITABLE, parse_device
from .opcua import parse_node, parse_server

NONE = "none"
_KINDS = "none, modbus://10.0.0.7:502/coil/12, opcua://10.0.0.7:4840/ns=2;s=Gate or gpio:17"


@dataclass(frozen=True, slots=True)
class ActuatorPlace:
    """The kind of an output and what it is opened with, in plain values."""

    kind: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Coil:
    where: str
    unit: Annotated[int, Field(ge=0, le=255)] = 1
    heartbeat: Annotated[int, Field(ge=0, le=HIGHEST)] | None = None


@dataclass(frozen=True, slots=True)
class _Node:
    where: str
    method: str | None = None
    heartbeat: str | None = None


@dataclass(frozen=True, slots=True)
class _Pin:
    number: Annotated[int, Field(ge=0, le=999)]
    active: Literal["high", "low"] = "high"


def parse_actuator(line: str) -> ActuatorPlace | None:
    """Return what `line` names, or None for `none`. Raises SettingsError with what is wrong."""
    if line == NONE:
        return None
    address = parse_address(line, SettingsError)
    try:
        if address.kind == "modbus":
            return _modbus(address)
        if address.kind == "opcua":
            return _opcua(address)
        if address.kind == "gpio":
            pin = address.read_as(_Pin, "number")
            return ActuatorPlace(
                "gpio", {"number": pin.number, "active_high": pin.active == "high"}
            )
    except (SettingsError, ValueError) as error:
        said = str(error).removeprefix(f"{address.shown}: ").removesuffix(".")
        raise SettingsError(said.removesuffix("; mend that value")) from None
    raise SettingsError(f"it is no actuator this version knows; write {_KINDS}")


def _modbus(address: Address) -> ActuatorPlace:
    coil = address.read_as(_Coil, "where")
    device, spot = parse_device(coil.where, coil.unit)
    if spot.table not in WRITABLE:
        raise ValueError(f"{spot} can only be read; name a coil or register, as coil/12")
    place = {"host": device.host, "port": device.port, "unit": device.unit, "spot": str(spot)}
    beat = {} if coil.heartbeat is None else {"heartbeat": coil.heartbeat}
    return ActuatorPlace("modbus", place | beat)


def _opcua(address: Address) -> ActuatorPlace:
    said = address.read_as(_Node, "where")
    server, node = parse_server(said.where)
    place = {"host": server.host, "port": server.port, "path": server.path, "node": node}
    others = {"method": said.method, "heartbeat": said.heartbeat}
    more = {name: parse_node(given) for name, given in others.items() if given is not None}
    return ActuatorPlace("opcua", place | more)
