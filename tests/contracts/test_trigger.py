"""What every trigger must do: each part told of ends with its picture, once and in order."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from queue import Queue
from threading import Event, Thread

import cv2
import httpx
import numpy as np
import pytest
from plc import plc

from edgeinspect.camera.condition import FINE, Condition
from edgeinspect.camera.source import Source
from edgeinspect.core.delivery import StationMode
from edgeinspect.core.errors import EdgeInspectError, SettingsError
from edgeinspect.core.frame import Frame
from edgeinspect.core.modbus import Device, Spot
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.settings.tree import MqttSettings, Settings
from edgeinspect.station.triggers.open import check_trigger, open_source
from edgeinspect.station.wires.modbus import ModbusWire

WAIT_S = 20.0
PARTS = 12
Tell = Callable[[str], None]
"""Tells of one part with this serial, where the trigger can carry one."""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    noise = np.random.default_rng(0)
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(8):
        cv2.imwrite(str(folder / f"{number}.png"), noise.integers(0, 255, (48, 64, 3), np.uint8))
    return folder


class Rig:
    """A simulated camera with a trigger, and somebody who takes its frames."""

    def __init__(self, settings: Settings) -> None:
        self.frames: Queue[Frame] = Queue()
        self.conditions: Queue[Condition] = Queue()
        self.source: Source = open_source(settings)
        self.source.watch(self.conditions.put)
        self._reader = Thread(target=self._read)
        self._reader.start()

    def close(self) -> None:
        self.source.close()
        self._reader.join()

    def wait_until(self, wanted: Callable[[Condition], bool]) -> Condition:
        while not wanted(condition := self.conditions.get(timeout=WAIT_S)):
            pass
        return condition

    def _read(self) -> None:
        while (frame := self.source.read()) is not None:
            self.frames.put(frame)


def settings_of(folder: Path, trigger: str, mqtt: MqttSettings, camera: str = "") -> Settings:
    own = {"camera": f"simulated:{folder}?rate=100{camera}", "trigger": trigger}
    return Settings.model_validate({"station": own, "mqtt": mqtt.model_dump()})


@pytest.fixture(params=["mqtt", "http", "modbus", "gpio"])
def triggered(
    request: pytest.FixtureRequest,
    pictures: Path,
    broker: MqttSettings,
    free_port: Callable[[], int],
) -> Iterator[tuple[Rig, Tell, bool]]:
    """A rig with each kind of trigger, how it is told of a part, and whether it carries serials."""
    port = free_port()
    with ExitStack() as stack:
        if request.param == "modbus":
            stack.enter_context(plc(port))
        if request.param == "gpio":
            stack.enter_context(_mock_pins())
        trigger = {
            "mqtt": "mqtt:?within_ms=5000",
            "http": f"http:{port}?within_ms=5000",
            "modbus": f"modbus://127.0.0.1:{port}/coil/12?within_ms=5000",
            "gpio": "gpio:17?within_ms=5000&debounce_ms=2",
        }[request.param]
        settings = settings_of(pictures, trigger, broker)
        rig = stack.enter_context(closing(Rig(settings)))
        tell: Tell = stack.enter_context(_TELLERS[request.param](settings, port))
        rig.wait_until(lambda condition: condition == FINE)
        yield rig, tell, request.param in ("mqtt", "http")


def test_every_part_that_is_told_of_ends_with_its_picture_in_order(
    triggered: tuple[Rig, Tell, bool],
) -> None:
    rig, tell, carries = triggered
    pause = Event()
    for number in range(PARTS):
        tell(f"S{number}")
        pause.wait((number * 7 % 5) * 0.01)
    frames = [rig.frames.get(timeout=WAIT_S) for _ in range(PARTS)]
    assert [frame.unreadable for frame in frames] == [None] * PARTS
    numbers = [frame.number or 0 for frame in frames]
    assert numbers == sorted(set(numbers))
    told = [frame.trigger for frame in frames if frame.trigger is not None]
    assert len(told) == PARTS
    assert all(f.captured_s >= t.at_s for f, t in zip(frames, told, strict=True))
    wanted = [f"S{number}" if carries else None for number in range(PARTS)]
    assert [trigger.context.serial for trigger in told] == wanted
    assert rig.frames.empty()
    health = rig.source.health()
    assert health is not None and health.triggers is not None
    assert (health.triggers.heard, health.triggers.met) == (PARTS, PARTS)


def test_a_camera_that_is_away_makes_a_part_that_says_so(
    pictures: Path, broker: MqttSettings, free_port: Callable[[], int]
) -> None:
    port = free_port()
    settings = settings_of(
        pictures, f"http:{port}?within_ms=50", broker, "&lose_every=20&away_s=3600"
    )
    with closing(Rig(settings)) as rig:
        rig.wait_until(lambda condition: "away, as" in str(condition.reason))
        with _http(settings, port) as tell:
            tell("S1")
        frame = rig.frames.get(timeout=WAIT_S)
    assert frame.missed
    assert "none came within 50 ms of its trigger" in str(frame.unreadable)
    assert "away, as its script says" in str(frame.unreadable)


def test_a_plc_that_is_off_is_a_fault_until_it_is_on(
    pictures: Path, broker: MqttSettings, free_port: Callable[[], int]
) -> None:
    port = free_port()
    settings = settings_of(pictures, f"modbus://127.0.0.1:{port}/coil/12", broker)
    with plc(port) as device, closing(Rig(settings)) as rig:
        for _ in range(2):
            rig.wait_until(lambda condition: condition == FINE)
            device.switch_off()
            said = rig.wait_until(lambda condition: condition.mode is StationMode.FAULT)
            assert str(port) in str(said.reason)
            device.switch_on()


@pytest.mark.parametrize(
    ("body", "kind", "status", "says"),
    [
        ("{}", "text/plain", 415, "application/json"),
        ("{", "application/json", 400, "cannot be read"),
        ('{"serial": ""}', "application/json", 400, "serial"),
        (r'{"serial": "a\u0000b"}', "application/json", 400, "it holds a control character"),
        (r'{"operator": "张\u3000伟\u00a0\u200d", "colour": 1}', "application/json", 400, "colour"),
        (r'{"material_lots": ["L7", "a\u001db"]}', "application/json", 400, "material_lots"),
        ('{"colour": "red"}', "application/json", 400, "colour"),
        ('{"serial": "' + "x" * 5000 + '"}', "application/json", 400, "send 4096 at most"),
        ('{"expires_at": "2020-01-01T00:00:00Z"}', "application/json", 400, "was past by"),
    ],
)
def test_what_is_no_notice_is_refused_in_a_sentence(
    pictures: Path,
    broker: MqttSettings,
    free_port: Callable[[], int],
    body: str,
    kind: str,
    status: int,
    says: str,
) -> None:
    port = free_port()
    settings = settings_of(pictures, f"http:{port}", broker)
    with closing(Rig(settings)) as rig:
        answer = httpx.post(
            f"http://127.0.0.1:{port}/part",
            content=body,
            headers={"Content-Type": kind},
            trust_env=False,
        )
        assert rig.frames.empty()
        health = rig.source.health()
    assert health is not None and health.triggers is not None
    # What is no JSON is not even a notice.
    assert (health.triggers.heard, health.triggers.refused) == (0, int(status == 400))
    assert answer.status_code == status
    assert says in answer.text


def test_over_mqtt_a_retained_a_late_and_a_repeated_notice_make_no_part(
    pictures: Path, broker: MqttSettings
) -> None:
    settings = settings_of(pictures, "mqtt:", broker)
    topic = str(Topic(settings.address, Channel.PART))
    once = b'{"serial": "S1", "id": "0197f0f0-0000-7000-8000-000000000001"}'
    late = b'{"serial": "late", "expires_at": "2020-01-01T00:00:00Z"}'
    link = Link(broker, "teller")
    link.open()
    try:
        link.publish(Message(topic, b'{"serial": "old"}', retain=True))
        link.settle(WAIT_S)
        with closing(Rig(settings)) as rig:
            rig.wait_until(lambda condition: condition == FINE)
            for payload in (late, b"rubbish", once, once, b'{"serial": "S2"}'):
                link.publish(Message(topic, payload))
            frames = [rig.frames.get(timeout=WAIT_S) for _ in range(2)]
            link.publish(Message(topic, b"", retain=True))
            link.settle(WAIT_S)
    finally:
        link.close()
    serials = [frame.trigger.context.serial for frame in frames if frame.trigger]
    assert serials == ["S1", "S2"]


@pytest.mark.parametrize(
    ("trigger", "says"),
    [
        ("now", "not a trigger this version knows"),
        ("mqtt:?delay_ms=-1", "delay_ms"),
        ("mqtt:?speed=3", "unknown option speed"),
        ("http:", "http:<port>"),
        ("http:99999", "port"),
        ("modbus:10.0.0.7", "no device is named"),
        ("modbus://10.0.0.7/register/3", "register/3 is no bit"),
        ("modbus://10.0.0.7/coil/3?edge=up", "edge"),
        ("gpio:A", "pin"),
        ("present:?line=200", "line"),
        ("present:?delay_ms=40", "unknown option delay_ms"),
        ("present:?band_from=50&band_to=50", "less than 1 percent beyond"),
        ("present:?empty=/nowhere/empty.png", "the empty scene of present"),
    ],
)
def test_a_wrong_trigger_is_named_with_its_mend(pictures: Path, trigger: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        check_trigger(trigger, f"simulated:{pictures}")


def test_what_is_played_cannot_be_triggered(pictures: Path) -> None:
    with pytest.raises(SettingsError, match="a folder or film hands out what it has"):
        check_trigger("mqtt:", f"folder:{pictures}")


def test_a_port_that_is_taken_is_told_and_nothing_is_left_open(
    pictures: Path, broker: MqttSettings
) -> None:
    settings = settings_of(pictures, f"http:{broker.port}", broker)
    with pytest.raises(EdgeInspectError, match="the port cannot be used"):
        open_source(settings)


@contextmanager
def _mock_pins() -> Iterator[None]:
    from gpiozero import Device as Pins
    from gpiozero.pins.mock import MockFactory

    before = Pins.pin_factory
    Pins.pin_factory = MockFactory()
    try:
        yield
    finally:
        Pins.pin_factory.close()
        Pins.pin_factory = before


@contextmanager
def _mqtt(settings: Settings, _port: int) -> Iterator[Tell]:
    topic = str(Topic(settings.address, Channel.PART))
    link = Link(settings.mqtt, "teller")
    link.open()

    def tell(serial: str) -> None:
        link.publish(Message(topic, f'{{"serial": "{serial}"}}'.encode()))

    try:
        yield tell
    finally:
        link.close()


@contextmanager
def _http(_settings: Settings, port: int) -> Iterator[Tell]:
    with httpx.Client(trust_env=False) as client:

        def tell(serial: str) -> None:
            answer = client.post(f"http://127.0.0.1:{port}/part", json={"serial": serial})
            assert answer.status_code == 202, answer.text

        yield tell


@contextmanager
def _modbus(_settings: Settings, port: int) -> Iterator[Tell]:
    with closing(ModbusWire(Device("127.0.0.1", port))) as wire:
        wire.open()
        yield lambda _serial: _pulse(lambda on: wire.write(Spot("coil", 12), int(on)))


@contextmanager
def _gpio(_settings: Settings, _port: int) -> Iterator[Tell]:
    from gpiozero import Device as Pins

    pin = Pins.pin_factory.pin(17)
    yield lambda _serial: _pulse(lambda on: pin.drive_high() if on else pin.drive_low())


def _pulse(drive: Callable[[bool], object]) -> None:
    """Hold high and then low long enough for a reader that others hold up."""
    for on in (True, False):
        drive(on)
        Event().wait(0.15)


_TELLERS = {"mqtt": _mqtt, "http": _http, "modbus": _modbus, "gpio": _gpio}
