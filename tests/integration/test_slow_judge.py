"""A triggered station whose judge is slow, or hangs: nothing passes unjudged, no part is forgotten.

Real processes: the station with its guard, a broker, and a Modbus server for the gate.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from queue import Queue
from threading import Event
from time import monotonic
from uuid import uuid4

import httpx
import pytest
from coil import Watcher
from plc import plc
from processes import settings_file, wait_for_port

from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.health import StationHealth, TriggerHealth
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.core.reason import ReasonCode
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.settings.tree import MqttSettings

pytestmark = pytest.mark.fault
HELD = Path(__file__).parents[1] / "held_station.py"
WAIT_S = 60.0
DELAY_S, HOLD_S, WATCHDOG_S = 0.6, 0.3, 5.0
PARTS = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A running station with a trigger and a gate, and what it says."""

    folder: Path
    port: int
    watcher: Watcher
    states: Queue[StationState]
    parts: Queue[Inspection]
    healths: Queue[StationHealth]

    def tell(self, serial: str) -> datetime:
        """Tell of a part; return when."""
        at = utc_now()
        url = f"http://127.0.0.1:{self.port}/part"
        assert httpx.post(url, json={"serial": serial}, trust_env=False).status_code == 202
        return at

    def wait_for(self, mode: StationMode, says: str = "") -> None:
        until_s, seen = monotonic() + WAIT_S, []
        while True:
            state = self.states.get(timeout=max(0.1, until_s - monotonic()))
            seen.append((state.mode, state.reason))
            if state.mode is mode and says in (state.reason or ""):
                return
            assert monotonic() < until_s, seen

    def wait_until_open(self, is_open: bool) -> None:
        until_s, pause = monotonic() + WAIT_S, Event()
        while self.watcher.is_open is not is_open:
            assert monotonic() < until_s, f"the gate is still open={self.watcher.is_open}"
            pause.wait(0.01)

    def counted(self, heard: int) -> TriggerHealth:
        """Return what became of so many triggers, as the health says."""
        while True:
            camera = self.healths.get(timeout=WAIT_S).camera
            if camera and camera.triggers and camera.triggers.heard == heard:
                return camera.triggers

    def closed_at(self, moment: datetime) -> bool:
        """Say whether the gate was closed at that moment."""
        before = [is_open for at, is_open in list(self.watcher.changes) if at <= moment]
        return not before[-1]


@pytest.fixture
def line(
    tmp_path: Path,
    sample: Path,
    washer_model: Path,
    broker: MqttSettings,
    free_port: Callable[[], int],
) -> Iterator[Line]:
    """A station that waits for parts, its gate open."""
    name, port = f"station-{uuid4().hex[:8]}", free_port()
    recipe = tmp_path / "recipe.toml"
    timing = f"delay_ms = {DELAY_S * 1e3}\nhold_ms = {HOLD_S * 1e3}\n"
    recipe.write_text(f"read_serial = false\n[gate]\n{timing}", encoding="utf-8")
    with plc(free_port()) as device, closing(Watcher(device.port)) as watcher:
        config = settings_file(
            tmp_path,
            f"[mqtt]\nport = {broker.port}\n[station]\nname = '{name}'\nmodel = '{washer_model}'\n"
            f"recipe = '{recipe}'\nwatchdog_s = {WATCHDOG_S}\n"
            f"actuator = 'modbus://127.0.0.1:{device.port}/coil/12'\n"
            f"trigger = 'http:{port}?within_ms=5000'\n"
            f"camera = 'simulated:{sample / 'test' / 'good'}?rate=50'\n",
        )
        made = Line(tmp_path, port, watcher, Queue(), Queue(), Queue())
        with closing(_listener(made, broker, StationAddress(station=name))) as link:
            link.open()
            command = [sys.executable, HELD, tmp_path, "station", "--config", config]
            process = subprocess.Popen([*map(str, command), "--data", str(tmp_path)])
            try:
                wait_for_port(port, WAIT_S)
                made.wait_until_open(True)
                yield made
            finally:
                (tmp_path / "hold").unlink(missing_ok=True)
                process.terminate()
                process.wait(20)


def _listener(line: Line, broker: MqttSettings, address: StationAddress) -> Link:
    topics = {
        str(Topic(address, channel)): channel
        for channel in (Channel.STATE, Channel.INSPECTION, Channel.HEALTH)
    }

    def hear(message: Message) -> None:
        link.acknowledge(message)
        match topics[message.topic]:
            case Channel.STATE:
                line.states.put(StationState.model_validate_json(message.payload))
            case Channel.HEALTH:
                line.healths.put(StationHealth.model_validate_json(message.payload))
            case _:
                line.parts.put(Inspection.model_validate_json(message.payload))

    link = Link(broker, f"listener-{uuid4()}", subscriptions=tuple(topics), on_message=hear)
    return link


def test_a_part_that_waits_behind_a_slow_one_meets_a_closed_gate_and_is_told_late(
    line: Line,
) -> None:
    (line.folder / "hold").touch()
    first = line.tell("S1")
    Event().wait(1.5)  # so that both are at the gate by themselves
    second = line.tell("S2")
    Event().wait(DELAY_S + HOLD_S + 1.0)
    (line.folder / "hold").unlink()
    line.wait_for(StationMode.FAULT, "a verdict came")
    parts = [line.parts.get(timeout=WAIT_S) for _ in range(2)]
    assert [part.context.serial for part in parts] == ["S1", "S2"]
    for told, part in zip((first, second), parts, strict=True):
        # The second was seen, and told of, while the judge held the first.
        assert part.captured_at < told + timedelta(seconds=1)
        assert line.closed_at(part.captured_at + timedelta(seconds=DELAY_S + HOLD_S / 2))
    between = parts[0].captured_at + timedelta(seconds=DELAY_S + HOLD_S + 0.25)
    assert not line.closed_at(between)
    line.wait_until_open(True)


def test_a_judge_that_hangs_closes_the_gate_until_it_goes_on(line: Line) -> None:
    (line.folder / "hold").touch()
    told = line.tell("S1")
    line.wait_for(StationMode.FAULT, f"a part takes longer than {WATCHDOG_S:g} s")
    line.wait_until_open(False)
    Event().wait(DELAY_S + HOLD_S)  # no part is at the gate, nor any verdict on its way
    assert line.closed_at(utc_now())
    assert utc_now() - told > timedelta(seconds=WATCHDOG_S)
    (line.folder / "hold").unlink()
    line.wait_until_open(True)
    line.wait_for(StationMode.RUNNING)
    assert line.parts.get(timeout=WAIT_S).context.serial == "S1"


def test_more_triggers_than_the_judge_can_do_are_all_accounted_for(line: Line) -> None:
    (line.folder / "hold").touch()
    for number in range(PARTS):
        line.tell(f"S{number}")
    (line.folder / "hold").unlink()
    parts = [line.parts.get(timeout=WAIT_S) for _ in range(PARTS)]
    assert [part.sequence for part in parts] == list(range(1, PARTS + 1))
    assert [part.context.serial for part in parts] == [f"S{number}" for number in range(PARTS)]
    missed = [part for part in parts if ReasonCode.FRAME_MISSED in _codes(part)]
    assert 0 < len(missed) < PARTS
    assert all("waited to be judged" in part.reasons[0].text for part in missed)
    assert all(part.score is not None for part in parts if part not in missed)
    assert line.parts.empty()
    for part in missed:
        assert line.closed_at(part.captured_at + timedelta(seconds=DELAY_S + HOLD_S / 2))
    triggers = line.counted(PARTS)
    assert (triggers.heard, triggers.refused, triggers.let_go) == (PARTS, 0, 0)
    assert triggers.overtaken == len(missed)
    assert triggers.met == PARTS - len(missed)


def _codes(part: Inspection) -> set[ReasonCode]:
    return {reason.code for reason in part.reasons}
