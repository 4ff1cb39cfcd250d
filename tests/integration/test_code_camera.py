"""A second camera reads the code: in its picture of the part's moment, or it is said why not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from time import monotonic
from uuid import uuid4

import cv2
import pytest
from codes import picture_of

from edgeinspect.camera.baskets import Use
from edgeinspect.camera.code_camera import CodeCamera, check_code_camera
from edgeinspect.camera.live import LiveSource
from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.errors import CameraError
from edgeinspect.core.frame import Frame, Image
from edgeinspect.core.inspection import Inspection
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.serial import Code
from edgeinspect.datasets.images import read_image
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.models.judge import load_judge
from edgeinspect.settings.tree import MqttSettings, Settings
from edgeinspect.station.inspector import Inspector
from edgeinspect.station.outbox import Outbox
from edgeinspect.station.parcel import Lane
from edgeinspect.station.run import StopRequest, run_station

WAIT_S = 20.0
WITHIN_S = 0.1
FIRST, SECOND = (picture_of(Code.DATAMATRIX, text, size=(240, 240)) for text in ("EW-1", "EW-2"))


@dataclass
class Scripted:
    """A driver that hands out what a test puts into it, and is lost when told so."""

    name: str = "scripted camera"
    frames: Queue[Frame] = field(default_factory=Queue)
    lost: bool = False

    def open(self) -> None:
        """Raise CameraError while the camera is lost."""
        if self.lost:
            raise CameraError(f"{self.name}: lost.")

    def grab(self, wait_s: float) -> Frame | None:
        """Return the next frame; raise CameraError when the camera is lost."""
        self.open()
        try:
            return self.frames.get(timeout=wait_s)
        except Empty:
            return None

    def close(self) -> None:
        """Nothing is held."""


class Beside:
    """A code camera with its driver in the test's hand."""

    def __init__(self) -> None:
        self.driver = Scripted()
        source = LiveSource(
            self.driver, Use(), stall_s=0.05, pause_s=0.05, calm_s=0, waits_for_parts=True
        )
        self.camera = CodeCamera(source, WITHIN_S)

    def show(self, image: Image, at_s: float) -> None:
        """Have the camera hand out a picture taken at a moment, and wait until it did."""
        self.driver.frames.put(Frame(image, utc_now(), at_s, "code"))
        deadline_s = monotonic() + WAIT_S
        while self.driver.frames.qsize() and monotonic() < deadline_s:
            Event().wait(0.01)

    def read(self, at_s: float) -> Image | str | None:
        """Return the picture nearest to a moment, or why there is none."""
        found = self.camera.nearest(at_s)
        return found if isinstance(found, str) else found.image


@pytest.fixture
def beside() -> Iterator[Beside]:
    made = Beside()
    yield made
    made.camera.close()


def inspected(beside: Beside, model: Path, frame: Frame, **serial: object) -> Inspection:
    recipe = Recipe.model_validate({"serial": {"unread": "review"} | serial})
    inspector = Inspector(load_judge(model), recipe, code_camera=beside.camera)
    return inspector.inspect(frame, uuid4(), 1)


def part_at(image: Image, at_s: float) -> Frame:
    return Frame(image, utc_now(), at_s, "part")


def test_the_picture_nearest_to_the_part_is_taken(beside: Beside) -> None:
    now_s = monotonic()
    for number in range(6):
        beside.show((FIRST, SECOND)[number % 2], now_s + number * 0.08)
    for number in range(5):
        wanted = (FIRST, SECOND)[number % 2]
        for off_s in (-0.03, 0.0, 0.03):
            found = beside.read(now_s + number * 0.08 + off_s)
            assert isinstance(found, type(wanted)) and (found == wanted).all(), (number, off_s)


def test_a_picture_that_is_on_its_way_is_awaited(beside: Beside) -> None:
    at_s = monotonic() + 0.05
    beside.show(FIRST, at_s - 0.09)
    answers: Queue[Image | str | None] = Queue()
    asking = Thread(target=lambda: answers.put(beside.read(at_s)))
    asking.start()
    beside.show(SECOND, at_s + 0.01)
    found = answers.get(timeout=WAIT_S)
    asking.join()
    assert isinstance(found, type(SECOND)) and (found == SECOND).all()


def test_a_picture_of_another_moment_is_not_taken(beside: Beside) -> None:
    now_s = monotonic()
    beside.show(FIRST, now_s - 0.5)
    said = beside.read(now_s - 0.3)
    assert said == "the code camera has no picture within 100 ms of the part"


def test_a_lost_camera_is_said_and_waited_for_by_nobody(beside: Beside) -> None:
    beside.show(FIRST, monotonic())
    beside.driver.lost = True
    until_s = monotonic() + WAIT_S
    while beside.camera.trouble is None and monotonic() < until_s:
        Event().wait(0.01)
    said = beside.read(monotonic() + 10)
    assert said == "the code camera: scripted camera: lost."
    beside.driver.lost = False
    beside.show(SECOND, monotonic())
    assert isinstance(beside.read(monotonic()), type(SECOND))
    assert beside.camera.trouble is None


def test_the_serial_is_that_of_the_code_camera(
    beside: Beside, washer_model: Path, sample_image: Image
) -> None:
    now_s = monotonic()
    beside.show(FIRST, now_s)
    beside.show(SECOND, now_s + 0.09)
    inspection = inspected(beside, washer_model, part_at(sample_image, now_s + 0.08))
    assert inspection.context.serial == inspection.part_id == "EW-2"


def test_why_it_is_unread_is_said(beside: Beside, washer_model: Path, sample_image: Image) -> None:
    now_s = monotonic()
    beside.show(FIRST, now_s - 1)
    (reason,) = inspected(beside, washer_model, part_at(sample_image, now_s - 0.5)).reasons
    assert reason.code is ReasonCode.SERIAL_UNREAD
    assert reason.text == (
        "the serial is unknown: the code camera has no picture within 100 ms of the part"
    )
    black = FIRST * 0
    beside.show(black, now_s)
    (reason,) = inspected(beside, washer_model, part_at(sample_image, now_s)).reasons
    assert "unknown: code camera: the picture is black; look for the light" in reason.text
    nothing = inspected(beside, washer_model, part_at(sample_image, now_s), codes=())
    assert nothing.reasons[0].text.endswith("the recipe reads no code")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("folder:/images", "set station.code_camera to a live camera"),
        ("usb:0", "is station.camera too"),
        ("usb:/dev/video0?pace=3", "is station.camera too"),
        ("nonsense:0", "station.code_camera: 'nonsense:0': not a camera this version knows"),
    ],
)
def test_a_camera_that_will_not_do_is_refused(url: str, says: str) -> None:
    with pytest.raises(CameraError, match=says):
        check_code_camera(url, "usb:0")
    check_code_camera(None, "usb:0")
    check_code_camera("usb:1", "usb:0")


@pytest.fixture
def settings(tmp_path: Path, sample: Path, washer_model: Path, broker: MqttSettings) -> Settings:
    """A station whose code camera is lost after a while, and comes back by itself."""
    pictures = tmp_path / "codes"
    pictures.mkdir()
    for number in range(8):
        image = picture_of(Code.DATAMATRIX, "EW-77", noise=3 + number / 10, size=(240, 240))
        cv2.imwrite(str(pictures / f"{number}.png"), image)
    return Settings.model_validate(
        {
            "data": tmp_path / "data",
            "mqtt": broker.model_dump(),
            "station": {
                "name": f"station-{uuid4().hex[:8]}",
                "camera": f"simulated:{sample / 'test' / 'good'}?rate=4",
                "code_camera": f"simulated:{pictures}?rate=20&lose_every=60&away_s=4",
                "model": washer_model,
            },
        }
    )


def test_a_station_says_that_its_code_camera_is_lost_and_goes_on(settings: Settings) -> None:
    states: Queue[StationState] = Queue()

    def hear(message: Message) -> None:
        link.acknowledge(message)
        states.put(StationState.model_validate_json(message.payload))

    topic = str(Topic(settings.address, Channel.STATE))
    link = Link(settings.mqtt, f"listener-{uuid4()}", subscriptions=(topic,), on_message=hear)
    link.open()
    stop = StopRequest()
    running = Thread(target=run_station, args=(settings, stop))
    running.start()
    try:
        _until(states, StationMode.RUNNING)
        reason = _until(states, StationMode.DEGRADED).reason
        while not (reason or "").endswith("as its script says."):
            reason = _until(states, StationMode.DEGRADED).reason
        assert (reason or "").startswith("the code camera: simulated camera ")
        _until(states, StationMode.RUNNING)
    finally:
        stop.ask()
        running.join(WAIT_S)
        link.close()
    assert not running.is_alive()
    outbox = Outbox(settings.outbox_path)
    rows = [Inspection.model_validate_json(r.payload) for r in outbox.fetch(Lane.ROWS, 0, 1000)]
    outbox.close()
    assert "EW-77" in {row.context.serial for row in rows}
    assert {row.context.serial for row in rows} <= {"EW-77", None}


def _until(states: Queue[StationState], mode: StationMode) -> StationState:
    while (state := states.get(timeout=WAIT_S)).mode is not mode:
        pass
    return state


@pytest.fixture
def sample_image(sample: Path) -> Image:
    return read_image(sample / "test" / "good" / "000.jpg")
