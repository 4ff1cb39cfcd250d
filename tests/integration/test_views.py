"""Two stations look at a part, a third joins their verdicts and moves the gate: real processes."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from subprocess import CalledProcessError, Popen
from threading import Event
from time import monotonic
from typing import Any

import pytest
import tomli_w
from coil import Watcher
from factory import draw_pictures, quick_model
from plc import plc
from processes import edgeinspect, running, settings_file, wait_for_port

from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.verdict import Verdict
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.settings.tree import MqttSettings

WAIT_S, HOLD_S = 60.0, 1.5
VIEWS = ("top", "side")


@dataclass(frozen=True, slots=True)
class Line:
    """A running line, what its joining station says, and the gate behind it."""

    config: Path
    link: Link
    watcher: Watcher
    states: Queue[StationState]
    parts: Queue[Inspection]
    views: Queue[Inspection]
    stations: dict[str, Popen[bytes]]

    def tell_of(self, serial: str, *stations: str) -> None:
        """Tell stations of a part."""
        for station in stations:
            topic = Topic(StationAddress(station=station), Channel.PART)
            self.link.publish(Message(str(topic), json.dumps({"serial": serial}).encode()))

    def wait_for(self, mode: StationMode, says: str = "") -> None:
        """Wait until the joining station is so, and says why."""
        while (state := self.states.get(timeout=WAIT_S)).mode is not mode or says not in (
            state.reason or ""
        ):
            pass

    def wait_until_it_sees(self) -> None:
        """Wait until it runs, and until what passed unseen before is not met with the next part."""
        self.wait_for(StationMode.RUNNING)
        Event().wait(HOLD_S + 0.5)

    def hear_of(self, serial: str) -> Inspection:
        """Return the record of a part; until the server keeps them, earlier ones come again."""
        while (part := self.parts.get(timeout=WAIT_S)).context.serial != serial:
            pass
        return part

    def wait_until_open(self, is_open: bool) -> None:
        """Wait until the gate stands so."""
        deadline, pause = monotonic() + WAIT_S, Event()
        while self.watcher.is_open is not is_open:
            assert monotonic() < deadline, f"the gate is still open={self.watcher.is_open}"
            pause.wait(0.01)

    def traced(self, serial: str, inspections: int) -> list[dict[str, Any]]:
        """Return what is recorded of a part, once that are so many inspections."""
        deadline, pause = monotonic() + WAIT_S, Event()
        found: list[dict[str, Any]] = []
        while len(found) != inspections:
            assert monotonic() < deadline, f"{serial} has {found}"
            pause.wait(0.2)
            try:
                told = edgeinspect("trace", serial, "--config", self.config, "--json")
            except CalledProcessError:
                continue  # nothing is recorded of it yet
            found = json.loads(told)["inspections"]
        return found


@pytest.fixture
def config(tmp_path: Path, free_port: Callable[[], int]) -> tuple[Path, int, int]:
    """Return the settings of a box with three stations, its broker's port and its PLC's."""
    mqtt_port, plc_port = free_port(), free_port()
    plain, gate = tmp_path / "plain.toml", tmp_path / "gate.toml"
    plain.write_text("serial = {codes = []}\n", encoding="utf-8")
    gate.write_text(
        f"[gate]\ndelay_ms = 8000\nhold_ms = {HOLD_S * 1e3}\nrests = 'closed'\n", encoding="utf-8"
    )
    pictures, model = draw_pictures(tmp_path / "pictures"), tmp_path / "quick.onnx"
    model.write_bytes(quick_model())
    view = {
        "model": str(model),
        "camera": f"simulated:{pictures}?rate=20",
        "trigger": "mqtt:?within_ms=5000",
        "recipe": str(plain),
        "threads": 1,
        "runtime": "onnxruntime",
    }
    verdict = {
        "camera": f"views:{','.join(VIEWS)}?within_ms=4000",
        "actuator": f"modbus://127.0.0.1:{plc_port}/coil/12",
        "recipe": str(gate),
    }
    settings = {
        "data": str(tmp_path / "data"),
        "mqtt": {"port": mqtt_port},
        "server": {"port": free_port()},
        "stations": {**dict.fromkeys(VIEWS, view), "verdict": verdict},
    }
    return settings_file(tmp_path, tomli_w.dumps(settings)), mqtt_port, plc_port


@contextmanager
def heard(
    mqtt_port: int,
) -> Iterator[tuple[Link, Queue[StationState], Queue[Inspection], Queue[Inspection]]]:
    """Listen to the joining station, and to what its views decide."""
    states: Queue[StationState] = Queue()
    parts: Queue[Inspection] = Queue()
    views: Queue[Inspection] = Queue()
    address = StationAddress(station="verdict")
    state, part = (str(Topic(address, each)) for each in (Channel.STATE, Channel.INSPECTION))
    decided = [str(Topic(StationAddress(station=name), Channel.VERDICT)) for name in VIEWS]

    def hear(message: Message) -> None:
        link.acknowledge(message)
        if message.topic == state:
            states.put(StationState.model_validate_json(message.payload))
        else:
            into = parts if message.topic == part else views
            into.put(Inspection.model_validate_json(message.payload))

    settings = MqttSettings(port=mqtt_port)
    link = Link(settings, "listener", subscriptions=(state, part, *decided), on_message=hear)
    link.open()
    try:
        yield link, states, parts, views
    finally:
        link.close()


@pytest.fixture
def box(config: tuple[Path, int, int]) -> Iterator[Line]:
    """A running line."""
    path, mqtt_port, plc_port = config
    options = ("--config", str(path))
    with ExitStack() as stack:
        stack.enter_context(plc(plc_port))
        stack.enter_context(running("broker", *options))
        wait_for_port(mqtt_port)
        link, states, parts, views = stack.enter_context(heard(mqtt_port))
        watcher = Watcher(plc_port)
        stack.callback(watcher.close)
        stack.enter_context(running("server", *options))
        stations = {
            name: stack.enter_context(running("station", name, *options))
            for name in ("verdict", *VIEWS)
        }
        yield Line(path, link, watcher, states, parts, views, stations)


def test_a_part_passes_by_both_views_and_not_when_one_is_gone(box: Line) -> None:
    box.wait_until_it_sees()
    box.wait_until_open(False)
    box.tell_of("S1", *VIEWS)
    first = box.hear_of("S1")
    assert (first.verdict, first.reasons) == (Verdict.PASS, ())
    assert [view.station for view in first.views] == list(VIEWS)
    box.wait_until_open(True)
    box.wait_until_open(False)

    box.stations["side"].kill()
    box.wait_for(StationMode.FAULT, "view side is offline")
    box.tell_of("S2", "top")
    second = box.hear_of("S2")
    assert second.verdict is Verdict.REVIEW
    assert [reason.code for reason in second.reasons] == [ReasonCode.VIEW_MISSING]
    assert second.reasons[0].text.startswith("side ")
    assert not box.watcher.is_open  # a part at the gate now, which one view alone passed

    with running("station", "side", "--config", str(box.config)):
        box.wait_until_it_sees()
        box.tell_of("S3", *VIEWS)
        third = box.hear_of("S3")
        assert third.verdict is Verdict.PASS
        box.wait_until_open(True)
        assert [first.sequence, second.sequence, third.sequence] == [1, 2, 3]
        traced = {each["station"]: each for each in box.traced("S1", 3)}
        assert set(traced) == {*VIEWS, "verdict"}
        assert {view["inspection"] for view in traced["verdict"]["views"]} == {
            traced[name]["id"] for name in VIEWS
        }
        assert len(box.traced("S2", 2)) == 2


def test_a_part_that_waits_while_the_joining_station_is_killed_never_passes(box: Line) -> None:
    box.wait_until_it_sees()
    box.tell_of("S1", "top")
    assert box.views.get(timeout=WAIT_S).context.serial == "S1"  # and it waits for the side
    box.stations["verdict"].kill()
    box.wait_for(StationMode.OFFLINE)
    with running("station", "verdict", "--config", str(box.config)):
        box.wait_until_it_sees()
        box.tell_of("S1", "side")
        half = box.hear_of("S1")
        assert [reason.code for reason in half.reasons] == [ReasonCode.VIEW_MISSING]
        assert half.reasons[0].text.startswith("top ")
        assert not box.watcher.is_open
        box.tell_of("S2", *VIEWS)
        assert box.hear_of("S2").verdict is Verdict.PASS
        box.wait_until_open(True)
