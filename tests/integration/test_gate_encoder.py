"""The guard of the gate, with an encoder in the registers of a real Modbus server."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from plc import Plc, plc
from turning import REGISTER, Turning

from edgeinspect.cli.checks.check import Check, Health
from edgeinspect.cli.checks.every import all_checks
from edgeinspect.core.encoder import parse_encoder
from edgeinspect.core.modbus import Device, Spot
from edgeinspect.core.recipe import GateTiming, Recipe
from edgeinspect.core.verdict import Verdict
from edgeinspect.settings.station import StationSettings
from edgeinspect.settings.tree import Settings
from edgeinspect.station.gate.encoder import counter_of
from edgeinspect.station.gate.gate import gate_of
from edgeinspect.station.gate.keeper import GUARD
from edgeinspect.station.wires.modbus import ModbusWire

DELAY, HOLD = 100, 50
SPARE = 20
"""The belt may have moved a little when a picture is placed between two readings."""
COIL, HEARTBEAT = Spot("coil", 12), Spot("register", 40)
PATIENCE_S = 20.0


def _watch(gate: Plc, encoder: Plc, more: str = "") -> dict[str, Any]:
    place = {"host": "127.0.0.1", "port": gate.port, "unit": 1, "spot": "coil/12", "heartbeat": 40}
    line = f"modbus://127.0.0.1:{encoder.port}/register/{REGISTER}?poll_ms=5{more}"
    return {
        "kind": "modbus",
        "options": place,
        "rests_open": True,
        "watchdog_s": 60.0,
        "encoder": asdict(parse_encoder(line)),
    }


@dataclass(frozen=True, slots=True)
class Gate:
    """A guard at work, the two PLCs it uses, and the belt's counter."""

    process: "subprocess.Popen[bytes]"
    encoder: Plc
    turning: Turning
    look: ModbusWire

    def say(self, **said: object) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(said).encode() + b"\n")
        self.process.stdin.flush()

    def expect(self, part: int, captured_s: float) -> None:
        self.say(do="expect", part=part, captured_s=captured_s, delay=DELAY, hold=HOLD)

    def rule(self, part: int, good: bool) -> None:
        self.say(do="rule", part=part, good=good)

    def hear(self, what: str, **those: object) -> dict[str, Any]:
        assert self.process.stdout
        while True:
            said: dict[str, Any] = json.loads(self.process.stdout.readline())
            if said["said"] == what and those.items() <= said.items():
                return said

    def await_beats(self, many: int) -> None:
        goal = self.look.read_register(HEARTBEAT) + many
        _await(lambda: self.look.read_register(HEARTBEAT) >= goal, "the heartbeat stands")


@contextmanager
def _gate(free_port: Callable[[], int], start: int, more: str, bits: int) -> Iterator[Gate]:
    """Run one whose belt is at `start`, and wait until the gate is open."""
    with (
        plc(free_port()) as device,
        plc(free_port()) as encoder,
        subprocess.Popen(
            [sys.executable, "-m", GUARD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process,
        closing(Turning(encoder.port, bits)) as turning,
        closing(ModbusWire(Device("127.0.0.1", device.port))) as look,
    ):
        look.open()
        turning.to(start)
        gate = Gate(process, encoder, turning, look)
        gate.say(**_watch(device, encoder, more))
        gate.say(do="beat", held=False)
        gate.hear("moved", open=True)
        yield gate
        assert process.stdin
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0
        assert not look.read_bit(COIL)


@pytest.mark.parametrize(
    ("start", "more", "bits"),
    [(1000, "", 16), (65_450, "", 16), (65_450, "&bits=32", 32), (2**32 - 90, "&bits=32", 32)],
    ids=["steady", "wraps at 16 bits", "goes on at 32 bits", "wraps at 32 bits"],
)
def test_a_bad_part_meets_a_closed_gate_for_its_counts(
    free_port: Callable[[], int], start: int, more: str, bits: int
) -> None:
    with _gate(free_port, start, more, bits) as gate:
        gate.expect(1, monotonic())
        gate.rule(1, good=False)
        gate.turning.on(start, start + DELAY + HOLD + SPARE)
        closed, opened = gate.hear("moved"), gate.hear("moved")
        assert (closed["open"], opened["open"]) == (False, True)
        assert gate.turning.written_s[start + DELAY] <= closed["done_s"] < opened["done_s"]
        assert gate.turning.written_s[start + DELAY + HOLD] <= opened["done_s"]
        assert closed["due_s"] <= closed["done_s"]


def test_a_belt_that_stands_keeps_a_part_due_and_its_verdict_in_time(
    free_port: Callable[[], int],
) -> None:
    with _gate(free_port, 1000, "", 16) as gate:
        gate.expect(1, monotonic())
        gate.await_beats(2)
        gate.rule(1, good=True)
        gate.turning.on(1000, 1000 + DELAY + HOLD + SPARE)
        gate.expect(2, monotonic())  # and nobody judges it in time
        gate.turning.on(1170, 1170 + DELAY + 20)
        assert gate.hear("moved")["open"] is False, "the first went through an open gate"
        gate.rule(2, good=True)
        late = gate.hear("late")
        assert late["part"] == 2, "the first was in time"
        assert late["late_counts"] == pytest.approx(20, abs=10)


def test_an_encoder_that_is_gone_closes_the_gate_until_the_belt_has_moved_on(
    free_port: Callable[[], int],
) -> None:
    with _gate(free_port, 1000, "", 16) as gate:
        gate.expect(1, monotonic())
        gate.rule(1, good=True)
        gate.turning.on(1000, 1020)
        gate.encoder.switch_off()
        assert "until the encoder of the belt is read again (Modbus" in gate.hear("lost")["text"]
        gate.hear("moved", open=False)
        gate.encoder.switch_on()  # with a counter of 0
        while "moved on by 150 counts" not in gate.hear("lost")["text"]:
            pass
        with closing(Turning(gate.encoder.port)) as turning:
            turning.on(0, DELAY + HOLD + SPARE)
            opened = gate.hear("moved", open=True)
            assert turning.written_s[DELAY + HOLD] <= opened["done_s"]


def test_a_counter_that_is_reset_closes_the_gate_and_is_told(
    free_port: Callable[[], int],
) -> None:
    with _gate(free_port, 1000, "", 16) as gate:
        gate.expect(1, monotonic())
        gate.rule(1, good=True)
        gate.turning.to(3)
        assert "the encoder jumped from 1000 to 3" in gate.hear("lost")["text"]
        gate.hear("moved", open=False)
        gate.turning.on(3, 3 + DELAY + HOLD + SPARE)
        assert gate.hear("lost")["text"] is None
        gate.hear("moved", open=True)


def test_a_gate_whose_encoder_never_answered_stays_closed(free_port: Callable[[], int]) -> None:
    with plc(free_port()) as device, plc(free_port()) as encoder:
        encoder.switch_off()
        with (
            subprocess.Popen(
                [sys.executable, "-m", GUARD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            ) as process,
            closing(ModbusWire(Device("127.0.0.1", device.port))) as look,
        ):
            look.open()
            assert process.stdin
            assert process.stdout
            process.stdin.write(
                f'{json.dumps(_watch(device, encoder))}\n{{"do": "beat", "held": false}}\n'.encode()
            )
            process.stdin.flush()
            while json.loads(process.stdout.readline())["said"] != "lost":
                pass
            assert not look.read_bit(COIL)
            encoder.switch_on()
            while not json.loads(process.stdout.readline()).get("open"):
                pass
            process.stdin.close()
            assert process.wait(PATIENCE_S) == 0


def test_the_low_half_may_come_first(free_port: Callable[[], int]) -> None:
    with plc(free_port()) as device, closing(Turning(device.port, bits=32)) as turning:
        turning.to(7 << 16 | 5)
        line = f"modbus://127.0.0.1:{device.port}/register/{REGISTER}?bits=32"
        for first, held in (("high", 7 << 16 | 5), ("low", 5 << 16 | 7)):
            place = parse_encoder(f"{line}&first={first}")
            counter = counter_of(place.kind, place.options)
            with closing(counter):
                counter.open()
                assert counter.read() == held


class Announcer:
    """Keeps what it is told of the gate, and never holds it."""

    def __init__(self) -> None:
        self.said: list[str | None] = []
        self.mind_gate = self.said.append
        self.holds_gate = False


def test_parts_that_came_before_the_guard_hold_the_gate_by_their_counts(
    free_port: Callable[[], int],
) -> None:
    timing = GateTiming(delay_counts=DELAY, hold_counts=HOLD)
    announcer: Any = Announcer()
    with plc(free_port()) as device, plc(free_port()) as encoder:
        own = StationSettings(
            actuator=f"modbus://127.0.0.1:{device.port}/coil/12",
            encoder=f"modbus://127.0.0.1:{encoder.port}/register/{REGISTER}?poll_ms=5",
        )
        with (
            closing(Turning(encoder.port)) as turning,
            closing(ModbusWire(Device("127.0.0.1", device.port))) as look,
            closing(gate_of(Settings(station=own), Recipe(gate=timing), announcer)) as gate,
        ):
            look.open()
            turning.to(500)
            part = gate.foresee(monotonic(), None)
            gate.open()
            assert part is not None
            gate.act(part, Verdict.FAIL, timing, Future())
            _await(
                lambda: any("moved on by 150 counts" in (text or "") for text in announcer.said),
                "nobody said why it is closed",
            )
            assert not look.read_bit(COIL)
            stands_at = 500 + DELAY + HOLD + SPARE
            turning.on(500, stands_at)
            _await(lambda: look.read_bit(COIL), "it never opened")
            _await(lambda: announcer.said[-1] is None, "it is not taken back")
            part = gate.expect(monotonic(), None, timing)
            gate.act(part, Verdict.FAIL, timing, Future())
            turning.on(stands_at, stands_at + DELAY + HOLD // 2)
            _await(lambda: not look.read_bit(COIL), "a bad part went through")


def _await(look: Callable[[], bool], what: str) -> None:
    until_s = monotonic() + PATIENCE_S
    while not look():
        assert monotonic() < until_s, what
        sleep(0.01)


def test_the_doctor_reads_the_count(free_port: Callable[[], int], tmp_path: Path) -> None:
    def found(encoder: str | None) -> Check:
        station = {"encoder": encoder, "actuator": "none"}
        ports = {"mqtt": {"port": free_port()}, "server": {"port": free_port()}}
        settings = Settings.model_validate({"data": tmp_path, "station": station} | ports)
        return next(check for check in all_checks(settings) if check.name == "encoder")

    with plc(free_port()) as device, closing(Turning(device.port, 32)) as turning:
        turning.to(70_000)
        line = f"modbus://127.0.0.1:{device.port}/register/{REGISTER}?bits=32"
        read = found(line)
        assert (read.health, read.found) == (Health.OK, f"{line}: its count is 70,000")
        device.switch_off()
        refused = found(line)
        assert refused.health is Health.BAD
        assert f"127.0.0.1:{device.port}" in refused.found
    assert found(None).found == "none; parts go to the gate by time"
