"""What triggers are read from and gates are moved by, against a real server and a made board."""

import builtins
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gpiozero import Device as Board
from gpiozero.pins.mock import MockFactory
from plc import Plc, plc

from edgeinspect.core.errors import WireError
from edgeinspect.core.modbus import Device, Spot, parse_device, parse_spot
from edgeinspect.core.opcua import OpcuaServer
from edgeinspect.station.gate.encoder import PinCounter
from edgeinspect.station.wires.gpio import GpioWire
from edgeinspect.station.wires.modbus import ModbusWire
from edgeinspect.station.wires.opcua import OpcuaWire

COIL, REGISTER = Spot("coil", 12), Spot("register", 40)


@pytest.fixture
def device(free_port: Callable[[], int]) -> Iterator[Plc]:
    with plc(free_port()) as running:
        yield running


@pytest.fixture
def wire(device: Plc) -> Iterator[ModbusWire]:
    wire = ModbusWire(Device("127.0.0.1", device.port))
    wire.open()
    yield wire
    wire.close()


@pytest.fixture
def board() -> Iterator[MockFactory]:
    before, Board.pin_factory = Board.pin_factory, MockFactory()
    yield Board.pin_factory
    Board.pin_factory.close()
    Board.pin_factory = before


def test_a_coil_is_set_and_read(wire: ModbusWire) -> None:
    assert not wire.read_bit(COIL)
    wire.write(COIL, 1)
    assert wire.read_bit(COIL)
    assert not wire.read_bit(Spot("coil", 13))


def test_a_register_is_set_and_read(wire: ModbusWire) -> None:
    wire.write(REGISTER, 65_535)
    assert wire.read_register(REGISTER) == 65_535


def test_two_registers_are_one_number_high_half_first(wire: ModbusWire) -> None:
    assert wire.read_register(Spot("input-register", 3), words=2) == (7 << 16) + 7


def test_inputs_are_read(wire: ModbusWire) -> None:
    assert not wire.read_bit(Spot("input", 1))
    assert wire.read_register(Spot("input-register", 3)) == 7


def test_what_the_device_has_not_is_refused_in_a_sentence(wire: ModbusWire) -> None:
    with pytest.raises(WireError, match=r"refuses coil/9999 \(Modbus exception \d+\); check"):
        wire.write(Spot("coil", 9999), 1)
    assert not wire.read_bit(COIL), "the connection is still good"


def test_a_device_switched_off_and_on_is_used_again(device: Plc, wire: ModbusWire) -> None:
    assert not wire.read_bit(COIL), "the device has taken the connection up"
    device.switch_off()
    with pytest.raises(WireError, match="gave no answer about coil/12; check it, its cable"):
        wire.write(COIL, 1)
    with pytest.raises(WireError, match="nobody answers; check its power"):
        wire.open()
    with pytest.raises(WireError, match="is not connected; open it first"):
        wire.read_bit(COIL)
    device.switch_on()
    wire.open()
    wire.write(COIL, 1)
    assert wire.read_bit(COIL)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("//10.0.0.7:1502/coil/12", (Device("10.0.0.7", 1502), Spot("coil", 12))),
        ("//plc/register/0", (Device("plc", 502), Spot("register", 0))),
        ("//[fe80::1]/input/3", (Device("fe80::1", 502), Spot("input", 3))),
        ("//[fe80::1]:503/input/3", (Device("fe80::1", 503), Spot("input", 3))),
    ],
)
def test_a_place_is_read(place: str, expected: tuple[Device, Spot]) -> None:
    assert parse_device(place) == expected


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("", "no device is named; write modbus://10.0.0.7/coil/12"),
        ("///coil/1", "no device is named"),
        ("//plc", "nothing is no coil, input, register, input-register; write coil/12"),
        ("//plc/coil", "nothing is no coil; write a number up to 65535"),
        ("//plc/coil/-1", "-1 is no coil; write a number"),
        ("//plc/coil/65536", "65536 is no coil"),
        ("//plc:x/coil/1", "x is no port"),
    ],
)
def test_what_cannot_be_a_place_is_told(place: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_device(place)


def test_a_spot_is_written_as_it_is_read() -> None:
    assert str(parse_spot("input-register/7")) == "input-register/7"


def test_a_pin_is_driven_and_let_go(board: MockFactory) -> None:
    wire = GpioWire(17)
    wire.open_output()
    assert not board.pin(17).state
    wire.write(True)
    assert board.pin(17).state
    wire.close()
    assert board.pin(17).function == "input"


def test_a_pin_active_low_is_turned_over(board: MockFactory) -> None:
    wire = GpioWire(17, active_high=False)
    wire.open_output(on=True)
    assert not board.pin(17).state
    wire.write(False)
    assert board.pin(17).state
    wire.close()


@pytest.mark.parametrize("active_high", [True, False])
def test_a_pin_that_nothing_drives_reads_as_off(board: MockFactory, active_high: bool) -> None:
    wire = GpioWire(4, active_high=active_high)
    wire.open_input()
    assert not wire.read_bit()
    (board.pin(4).drive_high if active_high else board.pin(4).drive_low)()
    assert wire.read_bit()
    wire.close()


def test_the_rising_edges_of_a_pin_are_counted(board: MockFactory) -> None:
    counter = PinCounter(17, active_high=True)
    counter.open()
    for _ in range(3):
        board.pin(17).drive_high()
        board.pin(17).drive_low()
    assert counter.read() == 3
    counter.open()
    assert counter.read() == 0, "a pin taken anew has counted nothing"
    counter.close()
    with pytest.raises(WireError, match="the pin is not open"):
        counter.read()


@pytest.mark.usefixtures("board")
def test_a_pin_that_is_taken_or_not_there_is_told() -> None:
    first = GpioWire(17)
    first.open_output()
    with pytest.raises(WireError, match=r"gpio:17: the pin cannot be used \(.*\); check its num"):
        GpioWire(17).open_input()
    with pytest.raises(WireError, match="gpio:999: the pin cannot be used"):
        GpioWire(999).open_output()
    first.close()
    with pytest.raises(WireError, match="gpio:17: the pin is not open; open it first"):
        first.write(True)
    with pytest.raises(WireError, match="the pin is not open"):
        first.read_bit()


def test_whatever_a_pin_library_raises_is_told(
    board: MockFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: object, **_options: object) -> None:
        raise Exception("GPIO busy")  # as lgpio does

    monkeypatch.setattr(board, "pin", busy)
    with pytest.raises(WireError, match=r"gpio:17: the pin cannot be used \(GPIO busy\)"):
        GpioWire(17).open_output()


@pytest.mark.parametrize(
    ("library", "use", "extra"),
    [
        ("pymodbus", lambda: ModbusWire(Device("127.0.0.1")).open(), "modbus"),
        ("asyncua", lambda: OpcuaWire(OpcuaServer("127.0.0.1")).open(), "opcua"),
        ("gpiozero", lambda: GpioWire(17).open_input(), "gpio"),
    ],
)
def test_a_library_that_is_missing_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, library: str, use: Callable[[], None], extra: str
) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **options: Any) -> Any:
        if name.split(".")[0] == library:
            raise ModuleNotFoundError(name)
        return real(name, *rest, **options)

    monkeypatch.delitem(sys.modules, library, raising=False)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(WireError, match=rf"{library}, which is missing; .*edgeinspect\[{extra}\]"):
        use()
