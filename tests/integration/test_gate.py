"""A station's process moves the gate of a real Modbus server, and closes it whatever happens."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from time import monotonic
from uuid import uuid4

import psutil
import pytest
from coil import Watcher
from plc import Plc, plc
from processes import running, settings_file
from turning import REGISTER, Turning

from edgeinspect.core.clock import utc_now
from edgeinspect.core.command import KINDS
from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.identity import new_id
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.core.verdict import Verdict
from edgeinspect.messaging.asker import ask
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.settings.tree import MqttSettings

WAIT_S = 40.0
DELAY_S, HOLD_S = 2.0, 0.4
WATCHDOG_S = 2.0
DELAY, HOLD = 200, 40
COUNTS_A_SECOND = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A running station, what it says, and the gate behind it."""

    process: subprocess.Popen[bytes]
    mqtt: MqttSettings
    address: StationAddress
    plc: Plc
    watcher: Watcher
    states: Queue[StationState]
    parts: Queue[Inspection]

    def ask(self, do: str) -> None:
        expires_at = utc_now() + timedelta(seconds=WAIT_S)
        asked = {"id": new_id(), "by": "test", "expires_at": expires_at}
        ask(self.mqtt, self.address, KINDS[do].model_validate(asked), 30)

    def wait_for(self, mode: StationMode, says: str = "") -> None:
        while (state := self.states.get(timeout=WAIT_S)).mode is not mode or says not in (
            state.reason or ""
        ):
            pass

    def wait_until_open(self, is_open: bool) -> None:
        deadline, pause = monotonic() + WAIT_S, Event()
        while self.watcher.is_open is not is_open:
            assert monotonic() < deadline, f"the gate is still open={self.watcher.is_open}"
            pause.wait(0.01)


@pytest.fixture
def start(
    tmp_path: Path,
    sample: Path,
    washer_model: Path,
    broker: MqttSettings,
    free_port: Callable[[], int],
) -> "Start":
    """Return what runs a station, whose camera shows a good part and a bad one by turns."""

    @contextmanager
    def run(purpose: str = "production", encoder: str = "") -> Iterator[Line]:
        name, pictures = f"station-{uuid4().hex[:8]}", tmp_path / "pictures"
        _show_parts(sample, pictures)
        recipe = tmp_path / "recipe.toml"
        way = f"delay_ms = {DELAY_S * 1e3}\nhold_ms = {HOLD_S * 1e3}\n"
        if encoder:
            way = f"delay_counts = {DELAY}\nhold_counts = {HOLD}\n"
        recipe.write_text(f"[gate]\n{way}", encoding="utf-8")
        with plc(free_port()) as device, _heard(broker, name) as (states, parts):
            place = f"modbus://127.0.0.1:{device.port}/coil/12?heartbeat=40"
            config = settings_file(
                tmp_path,
                f"[mqtt]\nport = {broker.port}\n[station]\nname = '{name}'\n"
                f"actuator = '{place}'\nmodel = '{washer_model}'\nrecipe = '{recipe}'\n"
                + (f"encoder = '{encoder}'\n" if encoder else "")
                + f"purpose = '{purpose}'\ncamera = 'folder:{pictures}?rate=1&loop=1'\n",
            )
            watcher = Watcher(device.port)
            try:
                options = ("--config", str(config), "--data", str(tmp_path))
                with running("station", *options) as process:
                    address = StationAddress(station=name)
                    yield Line(process, broker, address, device, watcher, states, parts)
            finally:
                watcher.close()

    return run


def _show_parts(sample: Path, folder: Path) -> None:
    folder.mkdir()
    good = sorted((sample / "test" / "good").iterdir())
    bad_folder = next(each for each in (sample / "test").iterdir() if each.name != "good")
    bad = sorted(bad_folder.iterdir())
    for number in range(3):
        shutil.copy(good[number], folder / f"{number}-a{good[number].suffix}")
        shutil.copy(bad[number], folder / f"{number}-b{bad[number].suffix}")


@contextmanager
def _heard(
    broker: MqttSettings, name: str
) -> Iterator[tuple[Queue[StationState], Queue[Inspection]]]:
    states: Queue[StationState] = Queue()
    parts: Queue[Inspection] = Queue()
    address = StationAddress(station=name)
    state, part = (str(Topic(address, each)) for each in (Channel.STATE, Channel.INSPECTION))

    def hear(message: Message) -> None:
        link.acknowledge(message)
        if message.topic == state:
            states.put(StationState.model_validate_json(message.payload))
        else:
            parts.put(Inspection.model_validate_json(message.payload))

    link = Link(broker, f"listener-{uuid4()}", subscriptions=(state, part), on_message=hear)
    link.open()
    try:
        yield states, parts
    finally:
        link.close()


Start = Callable[..., AbstractContextManager[Line]]


def test_bad_parts_meet_a_closed_gate_at_their_time_and_good_ones_an_open_one(start: Start) -> None:
    with start() as line:
        parts = [line.parts.get(timeout=WAIT_S) for _ in range(8)]
        Event().wait(DELAY_S + HOLD_S)  # until the last of them is past the gate
        changes = list(line.watcher.changes)
    assert {part.verdict for part in parts} >= {Verdict.PASS}
    rejected = [part for part in parts if part.verdict is not Verdict.PASS]
    assert rejected
    for part in parts[1:]:  # the gate opens for the first time while the first is on its way
        due = part.captured_at.astimezone(UTC) + timedelta(seconds=DELAY_S)
        middle = due + timedelta(seconds=HOLD_S / 2)
        level = next(is_open for at, is_open in reversed(changes) if at <= middle)
        assert level is (part.verdict is Verdict.PASS), part.sequence
        if part in rejected:
            closed = next(at for at, is_open in changes if is_open is False and at >= due)
            assert closed < middle


class Conveyor:
    """A belt that turns its encoder at an even pace, and stands when it is told to."""

    def __init__(self, port: int) -> None:
        self._turning = Turning(port)
        self._runs, self._ending = Event(), Event()
        self._runs.set()
        self.counts: list[tuple[datetime, int]] = []
        self._thread = Thread(target=self._turn)
        self._thread.start()

    def stand(self, still: bool) -> None:
        """Stand, or go on."""
        if still:
            self._runs.clear()
        else:
            self._runs.set()

    def count_at(self, moment: datetime) -> int:
        """Return the count that was written last before a moment."""
        return next(count for at, count in reversed(self.counts) if at <= moment)

    def reached(self, count: int) -> datetime:
        """Return when the belt came so far."""
        return next(at for at, held in self.counts if held >= count)

    def close(self) -> None:
        self._ending.set()
        self._runs.set()
        self._thread.join()
        self._turning.close()

    def _turn(self) -> None:
        count = 0
        while not self._ending.wait(1 / COUNTS_A_SECOND):
            self._runs.wait()
            count += 1
            self._turning.to(count)
            self.counts.append((utc_now(), count))


def test_parts_are_followed_to_the_gate_by_the_count_of_an_encoder(
    start: Start, free_port: Callable[[], int]
) -> None:
    with plc(free_port()) as device, closing(Conveyor(device.port)) as belt:
        encoder = f"modbus://127.0.0.1:{device.port}/register/{REGISTER}?poll_ms=5"
        with start(encoder=encoder) as line:
            parts = [line.parts.get(timeout=WAIT_S) for _ in range(6)]
            belt.stand(True)
            stood = belt.counts[-1][1]
            Event().wait(0.5)  # until what was read before is acted upon
            before = len(line.watcher.changes)
            Event().wait(2 * DELAY_S)  # by time, all that is on the way would be past
            assert len(line.watcher.changes) == before
            belt.stand(False)
            _await_count(belt, stood + 2 * (DELAY + HOLD))
            changes = list(line.watcher.changes)
    checked = set()
    for part in parts[1:]:  # the gate opens for the first time while the first is on its way
        way = belt.count_at(part.captured_at)
        if stood - way < 2 * HOLD:
            continue  # parts that were seen while the belt stood lie where this one does
        middle = belt.reached(way + DELAY + HOLD // 2)
        level = next(is_open for at, is_open in reversed(changes) if at <= middle)
        assert level is (part.verdict is Verdict.PASS), (part.sequence, way)
        checked.add(level)
    assert checked == {True, False}


def _await_count(belt: Conveyor, count: int) -> None:
    deadline, pause = monotonic() + WAIT_S, Event()
    while belt.counts[-1][1] < count:
        assert monotonic() < deadline, "the belt does not move"
        pause.wait(0.01)


@pytest.mark.fault
def test_a_station_that_is_killed_closes_the_gate(start: Start) -> None:
    with start() as line:
        line.wait_until_open(True)
        line.process.send_signal(signal.SIGKILL)
        line.wait_until_open(False)
        Event().wait(HOLD_S * 3)
        assert line.watcher.is_open is False


@pytest.mark.fault
def test_a_station_that_stood_still_says_so_when_it_goes_on(start: Start) -> None:
    with start() as line:
        line.wait_until_open(True)
        line.process.send_signal(signal.SIGSTOP)
        try:
            line.wait_until_open(False)
            Event().wait(1.5 * WATCHDOG_S)  # no sign of life for longer than the guard has patience
        finally:
            line.process.send_signal(signal.SIGCONT)
        line.wait_for(StationMode.FAULT, "the station stood still for ")
        line.wait_for(StationMode.RUNNING)


def test_a_paused_station_holds_the_gate_shut(start: Start) -> None:
    with start() as line:
        line.wait_for(StationMode.RUNNING)
        line.ask("pause")
        line.wait_until_open(False)
        Event().wait(DELAY_S)  # no part is at it any more
        assert line.watcher.is_open is False
        line.ask("resume")
        line.wait_until_open(True)


@pytest.mark.fault
def test_a_plc_that_was_off_is_told_of_and_healed(start: Start) -> None:
    with start() as line:
        line.wait_for(StationMode.RUNNING)
        line.plc.switch_off()
        line.wait_for(StationMode.FAULT, "Modbus 127.0.0.1")
        line.plc.switch_on()
        line.wait_for(StationMode.RUNNING)
        line.wait_until_open(True)


@pytest.mark.fault
def test_a_guard_that_is_killed_is_started_again(start: Start) -> None:
    with start() as line:
        line.wait_for(StationMode.RUNNING)
        (guard,) = psutil.Process(line.process.pid).children()
        guard.kill()
        line.wait_for(StationMode.FAULT, "the guard of the gate ended")
        line.wait_for(StationMode.RUNNING)
        line.wait_until_open(True)
        assert os.getsid(psutil.Process(line.process.pid).children()[0].pid) != os.getsid(0)


def test_commissioning_judges_and_moves_nothing(start: Start) -> None:
    with start(purpose="commissioning") as line:
        parts = [line.parts.get(timeout=WAIT_S) for _ in range(4)]
        assert {part.verdict for part in parts} != {Verdict.PASS}
        assert psutil.Process(line.process.pid).children() == []
        assert {level for _, level in line.watcher.changes} == {False}
