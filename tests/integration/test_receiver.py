"""What stations publish over a real broker is recorded, and said back to them."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Event
from time import monotonic
from uuid import UUID, uuid4

import cv2
import pytest
from faulty_files import FaultyFileSystem, faulty_files
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import BootTail, Recorded, StationMode, StationState
from edgeinspect.core.errors import RecordsError
from edgeinspect.core.frame import Image
from edgeinspect.core.identity import digest
from edgeinspect.core.inspection import Evidence, Inspection, StationAddress
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.records import evidence_remote
from edgeinspect.records.database import Database
from edgeinspect.records.events import Event as RecordEvent
from edgeinspect.records.events import EvidenceStored, InspectionRecorded, StationChanged
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.queries.inspections import one
from edgeinspect.records.receiver import Receiver
from edgeinspect.records.tables import QuarantineRow
from edgeinspect.settings.tree import MqttSettings

WAIT_S = 20.0
MakeInspection = Callable[..., Inspection]


class Station:
    """Publishes what a test gives it, and hears how far it is safe."""

    def __init__(self, settings: MqttSettings) -> None:
        self.address = StationAddress(station=f"station-{uuid4().hex[:8]}")
        self._heard: Queue[Recorded] = Queue()
        self._connected = Event()
        self._link = Link(
            settings,
            self.address.station,
            subscriptions=(str(Topic(self.address, Channel.RECORDED)),),
            on_message=self._hear,
            on_connected=self._connected.set,
        )
        self._link.open()
        assert self._connected.wait(WAIT_S)

    def send(self, channel: Channel, payload: bytes, detail: str | None = None) -> None:
        retain = channel is Channel.STATE
        self._link.publish(Message(str(Topic(self.address, channel, detail)), payload, retain))

    def inspect(self, *inspections: Inspection) -> None:
        for inspection in inspections:
            self.send(Channel.INSPECTION, inspection.model_dump_json().encode())

    def hear(self, boot: UUID, rows: int, evidence: int) -> Recorded:
        """Wait until this much of a boot is said to be safe."""
        deadline_s = monotonic() + WAIT_S
        while True:
            recorded = self._heard.get(timeout=deadline_s - monotonic())
            marks = {mark.boot: mark for mark in recorded.boots}
            if boot in marks:
                mark = marks[boot]
                if (mark.rows_through, mark.evidence_through) == (rows, evidence):
                    return recorded

    def close(self) -> None:
        self._link.close()

    def _hear(self, message: Message) -> None:
        self._link.acknowledge(message)
        self._heard.put(Recorded.model_validate_json(message.payload))


class Screen:
    """Keeps the events about one station."""

    def __init__(self, address: StationAddress) -> None:
        self.shown: Queue[RecordEvent] = Queue()
        self._address = address

    def show(self, event: RecordEvent) -> None:
        if isinstance(event, StationChanged) and event.summary.address != self._address:
            return
        self.shown.put(event)


@pytest.fixture
def station(broker: MqttSettings) -> Iterator[Station]:
    station = Station(broker)
    yield station
    station.close()


@pytest.fixture
def part(station: Station, make_inspection: MakeInspection) -> MakeInspection:
    """Make an inspection of this station."""

    def make(sequence: int, **fields: object) -> Inspection:
        return make_inspection(sequence, **(station.address.model_dump() | fields))

    return make


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


@pytest.fixture
def screen(station: Station) -> Screen:
    return Screen(station.address)


@contextmanager
def listening(
    broker: MqttSettings, records: Database, store: EvidenceStore, screen: Screen
) -> Iterator[Receiver]:
    receiver = Receiver(broker, records, store, screen.show)
    receiver.start()
    try:
        yield receiver
    finally:
        receiver.stop()


@pytest.fixture
def receiver(
    broker: MqttSettings, records: Database, store: EvidenceStore, screen: Screen, station: Station
) -> Iterator[Receiver]:
    with listening(broker, records, store, screen) as receiver:
        boot = uuid4()  # once this is said to be safe, everything is subscribed
        announce(station, boot)
        station.hear(boot, 0, 0)
        assert isinstance(screen.shown.get(timeout=WAIT_S), StationChanged)
        yield receiver


def announce(station: Station, boot: UUID, last_sequence: int = 0) -> None:
    tail = BootTail(boot=boot, last_sequence=last_sequence)
    state = StationState(mode=StationMode.RUNNING, since=utc_now(), open_boots=(tail,))
    station.send(Channel.STATE, state.model_dump_json().encode())


def with_image(picture: Image) -> tuple[bytes, Evidence]:
    content = cv2.imencode(".jpg", picture)[1].tobytes()
    return content, Evidence(sha256=digest(content), width=64, height=48, bytes=len(content))


def reasons(records: Database) -> list[str]:
    with records.read() as connection:
        return list(connection.execute(select(QuarantineRow.reason)).scalars())


@pytest.mark.usefixtures("receiver")
def test_rows_and_evidence_are_recorded_shown_and_acknowledged(
    station: Station,
    part: MakeInspection,
    picture: Image,
    records: Database,
    store: EvidenceStore,
    screen: Screen,
) -> None:
    content, image = with_image(picture)
    sent = part(1, evidence=(image,))
    station.inspect(sent, part(2))
    assert station.hear(sent.boot, 2, 0).epoch == records.epoch
    station.send(Channel.EVIDENCE, content, image.sha256)
    station.hear(sent.boot, 2, 2)
    assert store.read(image.sha256) == content
    kept = one(records, sent.id)
    assert kept is not None and kept.inspection == sent and kept.stored == {image.sha256}
    shown = [screen.shown.get(timeout=WAIT_S) for _ in range(3)]
    assert shown[0] == InspectionRecorded(sent)
    assert shown[2] == EvidenceStored(image.sha256)


def test_a_place_for_images_that_hangs_holds_up_no_row(
    broker: MqttSettings,
    records: Database,
    screen: Screen,
    station: Station,
    part: MakeInspection,
    picture: Image,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evidence_remote, "ANSWER_S", 1.0)
    content, image = with_image(picture)
    boot, sent, pause = uuid4(), part(1, evidence=(image,)), Event()
    with faulty_files() as url:
        store = EvidenceStore(url)
        with listening(broker, records, store, screen) as receiver:
            announce(station, boot)
            station.hear(boot, 0, 0)
            FaultyFileSystem.answering.clear()
            station.inspect(sent)
            station.send(Channel.EVIDENCE, content, image.sha256)
            station.inspect(part(2))
            station.hear(sent.boot, 2, 0)
            while "no answer in 1 s" not in (receiver.trouble or ""):
                pause.wait(0.02)
            station.inspect(part(3))
            station.hear(sent.boot, 3, 0)
            FaultyFileSystem.answering.set()
            station.hear(sent.boot, 3, 3)
        assert store.read(image.sha256) == content


@pytest.mark.usefixtures("receiver")
def test_poison_is_set_aside_and_disturbs_nothing(
    station: Station, part: MakeInspection, records: Database
) -> None:
    first, foreign, endless, last = (part(number) for number in (1, 2, 3, 4))
    station.inspect(first)
    station.send(Channel.INSPECTION, b"\xff\xfe not JSON")
    for sound, old, new in (
        (foreign, '"site":"site"', '"site":"town"'),
        (endless, '"score":null', '"score":1e999'),
        (first, "inspection/1", "inspection/9"),
        (first, '"sequence":1', '"sequence":-1'),
    ):
        poison = sound.model_dump_json().replace(old, new)
        station.send(Channel.INSPECTION, poison.encode())
    station.send(Channel.STATE, b"{}")
    tail = f'[{{"boot":"{first.boot}","last_sequence":{10**30}}}]'
    state = f'{{"mode":"running","since":"2026-03-01T12:00:00Z","open_boots":{tail}}}'
    station.send(Channel.STATE, state.encode())
    station.inspect(last)
    station.hear(first.boot, 4, 4)
    found = "\n".join(sorted(reasons(records)))
    assert len(reasons(records)) == 7
    for reason in (
        "it is no UTF-8, from byte 1 on",
        "score: Input should be a finite number",
        f"it says it is of town/line-1/{station.address.station}, and came from",
        "sequence: Input should be greater than or equal to 1",
        "it is of a newer version (edgeinspect.inspection/9); update the server",
        "mode: Field required",
        "open_boots.0.last_sequence: Input should be less than 9007199254740992",
    ):
        assert reason in found


@pytest.mark.usefixtures("receiver")
def test_evidence_that_will_never_do_does_not_hold_the_station_up(
    station: Station, part: MakeInspection, picture: Image, store: EvidenceStore, records: Database
) -> None:
    content, image = with_image(picture)
    words = b"an image in words"
    fake = Evidence(sha256=digest(words), width=1, height=1, bytes=len(words))
    sent = part(1, evidence=(image, fake))
    station.inspect(sent)
    station.send(Channel.EVIDENCE, words, fake.sha256)
    station.send(Channel.EVIDENCE, content, "not-a-digest")
    station.send(Channel.EVIDENCE, content, image.sha256)
    station.hear(sent.boot, 1, 1)
    assert store.read(fake.sha256) is None
    found = "\n".join(reasons(records))
    assert "neither JPEG nor PNG" in found
    assert "should match pattern" in found


def test_a_server_that_comes_back_says_again_how_far_it_got(
    station: Station,
    part: MakeInspection,
    broker: MqttSettings,
    records: Database,
    store: EvidenceStore,
    screen: Screen,
) -> None:
    sent = part(1)
    with listening(broker, records, store, screen):
        announce(station, sent.boot)
        station.hear(sent.boot, 0, 0)
        station.inspect(sent)
        station.hear(sent.boot, 1, 1)
    with listening(broker, records, store, screen):
        station.hear(sent.boot, 1, 1)


@pytest.mark.usefixtures("receiver")
def test_nothing_is_lost_while_the_database_is_out_of_order(
    station: Station, part: MakeInspection, records: Database
) -> None:
    sent = part(1)
    with records.write() as connection:
        connection.execute(text("ALTER TABLE sequences RENAME TO away"))
    station.inspect(sent)
    announce(station, sent.boot, last_sequence=1)
    with records.write() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO sequences"))
    station.hear(sent.boot, 1, 1)


class Heard(logging.Handler):
    """Keeps what the recording threads log."""

    def __init__(self) -> None:
        super().__init__()
        self.said: Queue[str] = Queue()

    def emit(self, record: logging.LogRecord) -> None:
        self.said.put(record.getMessage())


@contextmanager
def hearing(name: str) -> Iterator[Queue[str]]:
    handler = Heard()
    logger = logging.getLogger(f"edgeinspect.records.{name}")
    logger.addHandler(handler)
    try:
        yield handler.said
    finally:
        logger.removeHandler(handler)


def test_what_holds_the_recording_up_is_said_until_it_moves(
    station: Station, part: MakeInspection, receiver: Receiver, records: Database
) -> None:
    assert receiver.trouble is None
    sent = part(1)
    with records.write() as connection:
        connection.execute(text("ALTER TABLE sequences RENAME TO away"))
    with hearing("lane") as said:
        station.inspect(sent)
        line = said.get(timeout=WAIT_S)
    assert line == "nothing is lost, but not recorded yet: no such table: sequences"
    assert receiver.trouble == "no such table: sequences"
    with records.write() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO sequences"))
    station.hear(sent.boot, 1, 1)
    receiver.stop()
    assert receiver.trouble is None


@pytest.mark.parametrize(
    "error",
    [
        RecordsError("the screen is dark."),
        OperationalError("SELECT", None, ValueError("dark")),
        OverflowError("dark"),
    ],
)
def test_a_display_that_fails_neither_stops_nor_repeats_the_recording(
    station: Station,
    part: MakeInspection,
    broker: MqttSettings,
    records: Database,
    store: EvidenceStore,
    error: Exception,
) -> None:
    shown: Queue[RecordEvent] = Queue()

    def fail(event: RecordEvent) -> None:
        shown.put(event)
        raise error

    receiver = Receiver(broker, records, store, fail)
    receiver.start()
    with hearing("display") as said:
        try:
            boot = uuid4()
            announce(station, boot)
            station.hear(boot, 0, 0)
            first, second = part(1, boot=boot), part(2, boot=boot)
            station.inspect(first)
            station.hear(boot, 1, 1)
            station.inspect(second)
            station.hear(boot, 2, 2)
            while shown.get(timeout=WAIT_S) != InspectionRecorded(second):
                pass
            assert "recorded, but not shown: " in said.get(timeout=WAIT_S)
            assert receiver.alive and receiver.trouble is None
        finally:
            receiver.stop()
    assert InspectionRecorded(second) not in shown.queue


@pytest.mark.usefixtures("receiver")
def test_nothing_is_lost_while_the_disk_is_full(
    station: Station, part: MakeInspection, picture: Image, store: EvidenceStore, tmp_path: Path
) -> None:
    incoming = tmp_path / "evidence" / "incoming"
    incoming.rmdir()
    content, image = with_image(picture)
    sent = part(1, evidence=(image,))
    station.inspect(sent)
    station.send(Channel.EVIDENCE, content, image.sha256)
    station.hear(sent.boot, 1, 0)
    assert store.read(image.sha256) is None
    incoming.mkdir()
    station.hear(sent.boot, 1, 1)


def test_it_stops_at_once_though_the_database_is_out_of_order(
    station: Station, part: MakeInspection, receiver: Receiver, records: Database
) -> None:
    with records.write() as connection:
        connection.execute(text("DROP TABLE sequences"))
    station.inspect(part(1))
    started_s = monotonic()
    receiver.stop()
    assert monotonic() - started_s < 5
    assert not receiver.alive
