"""The station's side of the gate, with its guard as a process at a real Modbus server."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from time import monotonic, sleep
from typing import Any

import pytest
from plc import plc

from edgeinspect.core.modbus import Device, Spot
from edgeinspect.core.recipe import GateTiming
from edgeinspect.core.verdict import Verdict
from edgeinspect.station.gate.guard import Watch
from edgeinspect.station.gate.keeper import Keeper
from edgeinspect.station.wires.modbus import ModbusWire

COIL = Spot("coil", 12)
DELAY_S, HOLD_S, WATCHDOG_S = 0.6, 0.4, 1.0
PATIENCE_S = 20.0
TIMING = GateTiming(delay_ms=DELAY_S * 1e3, hold_ms=HOLD_S * 1e3)


class Gate:
    """A keeper, what it tells, and the coil it moves."""

    def __init__(self, port: int) -> None:
        self.said: list[str | None] = []
        self.is_held = False
        options: dict[str, Any] = {"host": "127.0.0.1", "port": port, "unit": 1, "spot": "coil/12"}
        watch = Watch("modbus", options, rests_open=True, watchdog_s=WATCHDOG_S)
        self.keeper = Keeper(watch, TIMING, lambda: self.is_held, self.said.append)
        self._wire = ModbusWire(Device("127.0.0.1", port))
        self._wire.open()

    def wait_until_open(self, is_open: bool) -> float:
        """Return when the coil was first seen so."""
        until_s = monotonic() + PATIENCE_S
        while self._wire.read_bit(COIL) is not is_open:
            assert monotonic() < until_s, f"the gate is not open={is_open}"
            sleep(0.002)
        return monotonic()

    def was_open(self, since_s: float, until_s: float) -> bool:
        """Look until a moment, and say whether the coil was seen open between two."""
        seen = False
        while (before_s := monotonic()) < until_s:
            is_open = self._wire.read_bit(COIL)
            seen |= is_open and since_s <= before_s and monotonic() < until_s
            sleep(0.002)
        return seen

    def close(self) -> None:
        self.keeper.close()
        self._wire.close()


@pytest.fixture
def gate(free_port: Callable[[], int]) -> Iterator[Gate]:
    with plc(free_port()) as device, closing(Gate(device.port)) as one:
        yield one


def test_a_part_that_waits_for_its_judge_meets_a_closed_gate(gate: Gate) -> None:
    gate.keeper.open()
    gate.wait_until_open(True)
    told_s = monotonic()
    gate.keeper.foresee(told_s, None)  # and nobody comes to judge it
    closed_s = gate.wait_until_open(False)
    opened_s = gate.wait_until_open(True)
    assert told_s + DELAY_S <= closed_s < told_s + DELAY_S + HOLD_S <= opened_s


def test_the_time_of_a_part_is_corrected_by_its_picture(gate: Gate) -> None:
    gate.keeper.open()
    gate.wait_until_open(True)
    told_s = monotonic()
    part = gate.keeper.foresee(told_s, None)
    assert gate.keeper.foresee(told_s + 0.3, part) == part
    assert gate.keeper.expect(told_s + 0.3, part, TIMING) == part
    gate.keeper.act(part, Verdict.FAIL, TIMING, Future())
    assert gate.wait_until_open(False) >= told_s + 0.3 + DELAY_S


def test_what_passed_before_it_began_or_while_it_was_held_meets_a_closed_gate(gate: Gate) -> None:
    begun_s = monotonic()
    gate.keeper.open()
    assert gate.wait_until_open(True) >= begun_s + DELAY_S + HOLD_S
    gate.is_held = True
    gate.wait_until_open(False)
    released_s = monotonic()
    gate.is_held = False
    assert not gate.was_open(released_s + DELAY_S, released_s + DELAY_S + HOLD_S)
    gate.wait_until_open(True)


def test_parts_that_came_before_the_gate_opened_hold_it_shut_until_they_are_past(
    gate: Gate,
) -> None:
    told_s = monotonic()
    gate.keeper.foresee(told_s + 2.0, None)
    gate.keeper.open()
    assert gate.wait_until_open(True) >= told_s + 2.0 + DELAY_S + HOLD_S
