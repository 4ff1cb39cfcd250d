"""What every output of a gate promises, at real servers and brokers and a made board."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from gateway import Gateway, SwitchedBroker
from gpiozero import Device as Board
from gpiozero.pins.mock import MockFactory
from opcua_plc import CELL, GATE, MOVE, opcua_plc
from plc import plc

from edgeinspect.core.errors import WireError
from edgeinspect.core.modbus import Device, parse_spot
from edgeinspect.station.gate.outputs import Output, OutputPlace
from edgeinspect.station.wires.modbus import ModbusWire

PIN = 17
TOPIC = "press/gate"
BROKERS = ("embedded", "mosquitto")
KINDS = ("coil", "register", "variable", "method", *BROKERS, "active high", "active low")


@dataclass(frozen=True)
class Wired:
    """An output, and a look at what it is wired to: whether parts go through there."""

    output: Output
    lets_through: Callable[[], bool]
    switch_off: Callable[[], object]
    switch_on: Callable[[], object]


def _modbus(stack: ExitStack, port: int, spot: str) -> Wired:
    device = stack.enter_context(plc(port))
    options: dict[str, Any] = {"host": "127.0.0.1", "port": port, "unit": 1, "spot": spot}

    def look() -> bool:
        wire = ModbusWire(Device("127.0.0.1", port))
        wire.open()
        read = wire.read_bit if parse_spot(spot).is_bit else wire.read_register
        found = read(parse_spot(spot))
        wire.close()
        return bool(found)

    place = OutputPlace("modbus", options)
    return Wired(place.output(), look, device.switch_off, device.switch_on)


def _opcua(stack: ExitStack, port: int, **node: str) -> Wired:
    device = stack.enter_context(opcua_plc(port))
    place = OutputPlace("opcua", {"host": "127.0.0.1", "port": port, "path": "", **node})
    return Wired(place.output(), lambda: bool(device.value()), device.switch_off, device.switch_on)


def _mqtt(stack: ExitStack, port: int, kind: str, folder: Path) -> Wired:
    broker = stack.enter_context(SwitchedBroker(kind, folder, port))
    gateway = stack.enter_context(Gateway(broker.settings, TOPIC))
    options = {"topic": TOPIC, "client_id": "gate", "broker": {"port": port}}
    place = OutputPlace("mqtt", options)

    def switch_on() -> None:
        broker.switch_on()
        gateway.await_connection()

    return Wired(place.output(), gateway.lets_through, broker.switch_off, switch_on)


def _gpio(stack: ExitStack, active_high: bool) -> Wired:
    board = MockFactory()
    before, Board.pin_factory = Board.pin_factory, board
    stack.callback(setattr, Board, "pin_factory", before)
    stack.callback(board.close)
    place = OutputPlace("gpio", {"number": PIN, "active_high": active_high})
    return Wired(place.output(), lambda: board.pin(PIN).state is active_high, str, str)


@pytest.fixture(params=KINDS)
def wired(
    request: pytest.FixtureRequest, tmp_path: Path, free_port: Callable[[], int]
) -> Iterator[Wired]:
    with ExitStack() as stack:
        if request.param in ("coil", "register"):
            made = _modbus(stack, free_port(), f"{request.param}/12")
        elif request.param == "variable":
            made = _opcua(stack, free_port(), node=GATE)
        elif request.param == "method":
            made = _opcua(stack, free_port(), node=CELL, method=MOVE)
        elif request.param in BROKERS:
            made = _mqtt(stack, free_port(), request.param, tmp_path)
        else:
            made = _gpio(stack, request.param == "active high")
        stack.callback(made.output.close)
        yield made


def test_opening_it_lets_nothing_through(wired: Wired) -> None:
    wired.output.open()
    assert not wired.lets_through()


def test_it_opens_and_closes_as_often_as_it_is_told(wired: Wired) -> None:
    wired.output.open()
    for is_open in (True, True, False, False, True):
        wired.output.write(is_open)
        wired.output.beat()
        assert wired.lets_through() is is_open


def test_it_is_closed_twice_and_opened_again(wired: Wired) -> None:
    wired.output.open()
    wired.output.close()
    wired.output.close()
    with pytest.raises(WireError, match="open it first"):
        wired.output.write(True)
    wired.output.open()
    wired.output.write(True)
    assert wired.lets_through()


def test_after_a_power_cut_it_is_opened_again_and_lets_nothing_through(wired: Wired) -> None:
    wired.output.open()
    wired.output.write(True)
    wired.switch_off()
    wired.switch_on()
    wired.output.open()
    assert not wired.lets_through()
