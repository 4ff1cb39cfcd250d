"""How a device that speaks Modbus/TCP and a place in it are named. Light to import."""

from __future__ import annotations

from dataclasses import dataclass

from .host import parse_host, parse_number

PORT = 502
HIGHEST = 65_535
TABLES = ("coil", "input", "register", "input-register")
"""Output bit, input bit, holding register and input register, in the words of an address."""
WRITABLE = ("coil", "register")


@dataclass(frozen=True, slots=True)
class Spot:
    """One bit or register of a device, counted from 0 as on the wire.

    What a manual calls 00013 or 40013 is number 12.
    """

    table: str
    number: int

    def __str__(self) -> str:
        return f"{self.table}/{self.number}"

    @property
    def is_bit(self) -> bool:
        """Whether it holds a bit, and not a word."""
        return self.table in ("coil", "input")


@dataclass(frozen=True, slots=True)
class Device:
    """Where a Modbus device is reached; `unit` tells those behind one gateway apart."""

    host: str
    port: int = PORT
    unit: int = 1

    def __str__(self) -> str:
        return f"Modbus {self.host}:{self.port}"


def parse_device(place: str, unit: int = 1) -> tuple[Device, Spot]:
    """Return device and spot named by `//10.0.0.7:502/coil/12`; the port may be left out.

    Raises ValueError with what is wrong, for whoever reads the whole address.
    """
    where, _, rest = place.removeprefix("//").partition("/")
    if not place.startswith("//") or not where.partition(":")[0]:
        raise ValueError("no device is named; write modbus://10.0.0.7/coil/12")
    host, port = parse_host(where, PORT)
    return Device(host, port, unit), parse_spot(rest)


def parse_spot(text: str) -> Spot:
    """Return the spot written as `coil/12`; raises ValueError with what is wrong."""
    table, _, number = text.partition("/")
    if table not in TABLES:
        raise ValueError(f"{text or 'nothing'} is no {', '.join(TABLES)}; write coil/12")
    return Spot(table, parse_number(number, table, HIGHEST))
