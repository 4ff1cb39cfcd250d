"""A station tells how it fares, and the server shows it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from queue import Queue
from threading import Event

import pytest

from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.health import OutboxHealth, StationHealth
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.records.batch import HealthReport
from edgeinspect.records.database import open_database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.health_board import HealthBoard, Heard
from edgeinspect.records.receiver import Receiver
from edgeinspect.settings.tree import MqttSettings
from edgeinspect.station import reporter as reporter_module
from edgeinspect.station.announcer import Announcer
from edgeinspect.station.outbox import Outbox
from edgeinspect.station.parcel import Lane, Parcel
from edgeinspect.station.reporter import Reporter

WAIT_S = 20.0
HERE = StationAddress(station="healthy")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporter_module, "TICK_S", 0.05)
    monkeypatch.setattr(reporter_module, "HEALTH_EVERY_S", 0.05)


@pytest.fixture
def outbox(tmp_path: Path, make_inspection: Callable[..., Inspection]) -> Iterator[Outbox]:
    part = make_inspection(1)
    box = Outbox(tmp_path / "outbox.sqlite3")
    box.begin_boot(part.boot)
    box.append([Parcel(Lane.ROWS, part.boot, 1, "t", "j", part.model_dump_json().encode())])
    yield box
    box.close()


def test_the_server_shows_what_waits_and_what_stands_in_the_way(
    broker: MqttSettings, tmp_path: Path, outbox: Outbox
) -> None:
    announcer = Announcer(outbox, HERE, broker)
    reporter = Reporter(outbox, tmp_path / "outbox.sqlite3", announcer, lambda: "no way through")
    with closing(open_database(tmp_path / "records.sqlite3")) as database:
        receiver = Receiver(broker, database, EvidenceStore(tmp_path / "e"), lambda _event: None)
        receiver.start()
        announcer.open()
        reporter.open()
        try:
            heard = _wait_for(receiver.health)
        finally:
            reporter.close()
            announcer.close()
            receiver.stop()
    assert heard.health.trouble == "no way through"
    assert (heard.health.outbox.rows, heard.health.outbox.evidence) == (1, 0)
    assert heard.health.outbox.bytes > 300
    assert heard.health.outbox.oldest_s is not None and heard.health.outbox.oldest_s < WAIT_S
    assert heard.health.disk_free_bytes > 0
    assert abs(heard.received_at - heard.health.at) < timedelta(seconds=WAIT_S)


def test_a_station_that_runs_and_is_hampered_is_degraded(
    broker: MqttSettings, tmp_path: Path, outbox: Outbox
) -> None:
    trouble: list[str | None] = [None]
    states: Queue[StationState] = Queue()
    connected = Event()

    def hear(message: Message) -> None:
        listener.acknowledge(message)
        states.put(StationState.model_validate_json(message.payload))

    topic = str(Topic(HERE, Channel.STATE))
    listener = Link(
        broker, "listener", subscriptions=(topic,), on_message=hear, on_connected=connected.set
    )
    listener.open()
    assert connected.wait(WAIT_S)
    announcer = Announcer(outbox, HERE, broker)
    reporter = Reporter(outbox, tmp_path / "outbox.sqlite3", announcer, lambda: trouble[0])
    announcer.open()
    reporter.open()
    try:
        announcer.say(StationMode.RUNNING)
        assert _next(states, StationMode.RUNNING).reason is None
        trouble[0] = "the images are refused"
        assert _next(states, StationMode.DEGRADED).reason == "the images are refused"
        announcer.say(StationMode.RUNNING)
        trouble[0] = None
        assert _next(states, StationMode.RUNNING).reason is None
    finally:
        reporter.close()
        announcer.close()
        listener.close()


def test_a_board_forgets_those_not_heard_of_for_longest() -> None:
    nothing = dict.fromkeys(OutboxHealth.model_fields, 0)
    health = StationHealth(
        at=utc_now(), boot=None, outbox=OutboxHealth.model_validate(nothing), disk_free_bytes=1
    )
    board = HealthBoard()
    for number in range(1001):
        board.note(HealthReport(StationAddress(station=f"s{number}"), health))
    assert board.of(StationAddress(station="s0")) is None
    assert board.of(StationAddress(station="s1000")) is not None


def _wait_for(board: HealthBoard) -> Heard:
    pause = Event()
    for _ in range(int(WAIT_S / 0.05)):
        if (heard := board.of(HERE)) is not None:
            return heard
        pause.wait(0.05)
    raise TimeoutError("the station was not heard of")


def _next(states: Queue[StationState], mode: StationMode) -> StationState:
    while (state := states.get(timeout=WAIT_S)).mode is not mode:
        pass
    return state
