"""What moves the gate, in one line: `none`, `modbus://...`, `opcua://...`, `mqtt:`, `gpio:17`."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from .address import Address, parse_address
from .errors import SettingsError
from .modbus import HIGHEST, WRITABLE, parse_device
from .opcua import parse_node, parse_server

NONE = "none"
_KINDS = "none, modbus://10.0.0.7:502/coil/12, opcua://10.0.0.7:4840/ns=2;s=Gate, mqtt: or gpio:17"
OWN_TOPICS = "edgeinspect/"
Level = Annotated[str, Field(min_length=1, max_length=100)]


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
class _Topic:
    topic: Annotated[str, Field(max_length=1000)] = ""
    open: Level = "1"
    closed: Level = "0"


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
        if address.kind == "mqtt":
            return _mqtt(address)
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


def _mqtt(address: Address) -> ActuatorPlace:
    """Leave the topic out where none is named: it is the station's own."""
    said = address.read_as(_Topic, "topic") if address.place else _own_topic(address)
    if any(sign in said.topic for sign in "+#\0") or said.topic.startswith("$"):
        raise ValueError(f"{said.topic} is no topic to publish to; write one without +, # and $")
    if said.topic.startswith(OWN_TOPICS):
        raise ValueError(f"topics under {OWN_TOPICS} have their own use; write mqtt: without one")
    if said.open == said.closed:
        raise ValueError(f"open and closed are both {said.open}; write two that differ")
    levels = {"opened": said.open, "closed": said.closed}
    return ActuatorPlace("mqtt", ({"topic": said.topic} if said.topic else {}) | levels)


def _own_topic(address: Address) -> _Topic:
    """Read the options of an address that names no place."""
    return replace(replace(address, place="-").read_as(_Topic, "topic"), topic="")
