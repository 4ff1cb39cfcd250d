"""The guard of the gate as a process, at a real Modbus server: whatever ends, the gate closes."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from time import monotonic, sleep
from typing import Any

import pytest
from plc import Plc, plc

from edgeinspect.core.modbus import Device, Spot
from edgeinspect.station.wires.modbus import ModbusWire

GUARD = "edgeinspect.station.gate.guard"
COIL, HEARTBEAT = Spot("coil", 12), Spot("register", 40)
PATIENCE_S = 20.0
BEATING = """
import subprocess, sys, threading, time
guard = subprocess.Popen([sys.executable, "-m", sys.argv[1]], stdin=subprocess.PIPE,
                         start_new_session=True)
guard.stdin.write(sys.argv[2].encode() + b"\\n")
while True:
    guard.stdin.write(b'{"do": "beat", "held": false}\\n')
    guard.stdin.flush()
    time.sleep(0.1)
"""


@pytest.fixture
def device(free_port: Callable[[], int]) -> Iterator[Plc]:
    with plc(free_port()) as running:
        yield running


@pytest.fixture
def look(device: Plc) -> Iterator[ModbusWire]:
    with closing(ModbusWire(Device("127.0.0.1", device.port))) as wire:
        wire.open()
        yield wire


def _watch(device: Plc, **options: Any) -> str:
    place = {"host": "127.0.0.1", "port": device.port, "unit": 1, "spot": "coil/12"}
    watch = {"kind": "modbus", "options": place | {"heartbeat": 40}}
    return json.dumps(watch | {"rests_open": True, "watchdog_s": 1.0} | options)


def _await(look: Callable[[], bool], what: str) -> None:
    until_s = monotonic() + PATIENCE_S
    while not look():
        assert monotonic() < until_s, what
        sleep(0.01)


def _is_open(wire: ModbusWire) -> bool:
    return wire.read_bit(COIL)


@pytest.fixture
def guard(device: Plc) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", GUARD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        _say(process, _watch(device, watchdog_s=60.0))
        yield process
        assert process.stdin
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0


def _say(process: "subprocess.Popen[bytes]", *lines: str) -> None:
    assert process.stdin
    process.stdin.write("".join(f"{line}\n" for line in lines).encode())
    process.stdin.flush()


def _hear(process: "subprocess.Popen[bytes]", what: str) -> dict[str, Any]:
    assert process.stdout
    while True:
        said: dict[str, Any] = json.loads(process.stdout.readline())
        if said["said"] == what:
            return said


def _beat(held: bool = False) -> str:
    return json.dumps({"do": "beat", "held": held})


def test_it_opens_with_the_first_beat_and_closes_when_held(
    guard: "subprocess.Popen[bytes]", look: ModbusWire
) -> None:
    assert not _hear(guard, "moved")["open"]
    _say(guard, _beat())
    assert _hear(guard, "moved")["open"]
    assert _is_open(look)
    _say(guard, _beat(held=True))
    assert not _hear(guard, "moved")["open"]
    assert not _is_open(look)


def test_a_bad_part_is_rejected_at_its_time_and_the_next_goes_through(
    guard: "subprocess.Popen[bytes]",
) -> None:
    _say(guard, _beat())
    while not _hear(guard, "moved")["open"]:
        pass
    due_s = monotonic() + 0.5
    _say(
        guard, json.dumps({"do": "expect", "part": 1, "captured_s": due_s, "delay": 0, "hold": 0.5})
    )
    _say(guard, json.dumps({"do": "rule", "part": 1, "good": False}))
    closed, opened = _hear(guard, "moved"), _hear(guard, "moved")
    assert (closed["open"], opened["open"]) == (False, True)
    assert (closed["due_s"], opened["due_s"]) == (due_s, due_s + 0.5)
    assert due_s <= closed["done_s"]
    assert due_s + 0.5 <= opened["done_s"]


def test_a_move_is_reckoned_from_the_parts_time_however_late_it_was_announced(
    guard: "subprocess.Popen[bytes]",
) -> None:
    _say(guard, _beat())
    while not _hear(guard, "moved")["open"]:
        pass
    due_s = monotonic() - 0.2
    _say(
        guard, json.dumps({"do": "expect", "part": 1, "captured_s": due_s, "delay": 0, "hold": 0.5})
    )
    closed = _hear(guard, "moved")
    assert (closed["open"], closed["due_s"]) == (False, due_s)
    later_s = monotonic() + 0.2
    _say(
        guard,
        json.dumps({"do": "expect", "part": 1, "captured_s": later_s, "delay": 0, "hold": 0.5}),
    )
    opened, closed = _hear(guard, "moved"), _hear(guard, "moved")
    assert opened["open"] and opened["due_s"] > due_s + 0.2  # it was the correction that opened it
    assert (closed["open"], closed["due_s"]) == (False, later_s)


def test_a_verdict_too_late_is_told_and_the_part_was_rejected(
    guard: "subprocess.Popen[bytes]",
) -> None:
    _say(guard, _beat())
    while not _hear(guard, "moved")["open"]:
        pass
    _say(
        guard,
        json.dumps({"do": "expect", "part": 1, "captured_s": monotonic(), "delay": 0, "hold": 0.5}),
    )
    assert not _hear(guard, "moved")["open"]
    _say(guard, json.dumps({"do": "rule", "part": 1, "good": True}))
    assert _hear(guard, "late")["part"] == 1


def test_a_plc_that_was_away_is_told_of_and_finds_the_level_written_anew(
    guard: "subprocess.Popen[bytes]", device: Plc
) -> None:
    _say(guard, _beat())
    while not _hear(guard, "moved")["open"]:
        pass
    device.switch_off()
    assert "Modbus 127.0.0.1" in _hear(guard, "trouble")["text"]
    device.switch_on()
    while _hear(guard, "trouble")["text"] is not None:
        pass
    with closing(ModbusWire(Device("127.0.0.1", device.port))) as wire:
        wire.open()
        assert _is_open(wire)
        beats = wire.read_register(HEARTBEAT)
        _await(lambda: wire.read_register(HEARTBEAT) != beats, "the heartbeat stands")


def test_the_signals_meant_for_the_station_do_not_end_it(
    guard: "subprocess.Popen[bytes]", look: ModbusWire
) -> None:
    _say(guard, _beat())
    while not _hear(guard, "moved")["open"]:
        pass
    guard.send_signal(signal.SIGTERM)
    guard.send_signal(signal.SIGINT)
    _say(guard, _beat(held=True))
    assert not _hear(guard, "moved")["open"]
    assert not _is_open(look)


def test_a_guard_that_fails_closes_the_gate_before_it_ends(device: Plc, look: ModbusWire) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", GUARD], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as failing:
        _say(failing, _watch(device, watchdog_s=60.0), _beat())
        _await(lambda: _is_open(look), "the gate never opened")
        _say(failing, "no JSON")
        assert failing.wait(PATIENCE_S) == 1
    assert not _is_open(look)


@pytest.mark.fault
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_station_that_is_killed_or_stands_still_closes_the_gate(
    device: Plc, look: ModbusWire, number: signal.Signals
) -> None:
    station = subprocess.Popen([sys.executable, "-c", BEATING, GUARD, _watch(device)])
    try:
        _await(lambda: _is_open(look), "the gate never opened")
        station.send_signal(number)
        _await(lambda: not _is_open(look), "the gate stays open")
        if number is signal.SIGSTOP:
            station.send_signal(signal.SIGCONT)
            _await(lambda: _is_open(look), "the gate does not open again")
    finally:
        station.kill()
        station.wait()
        _await(lambda: not _is_open(look), "the gate stays open")
