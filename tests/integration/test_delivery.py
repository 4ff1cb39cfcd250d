"""Delivery over a real broker: only the server's word empties the outbox."""

from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Event
from uuid import UUID, uuid4

import pytest

from edgeinspect.core.delivery import BootWatermark, Recorded
from edgeinspect.core.inspection import StationAddress
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic, all_stations
from edgeinspect.settings.tree import MqttSettings
from edgeinspect.station import delivery as delivery_module
from edgeinspect.station.delivery import Delivery
from edgeinspect.station.outbox import Outbox
from edgeinspect.station.parcel import Lane, Parcel

WAIT_S = 10.0
BOOT = uuid4()


class Server:
    """Hears inspections and says what it recorded, as the real one does."""

    def __init__(self, settings: MqttSettings, address: StationAddress) -> None:
        self.heard: Queue[bytes] = Queue()
        self._connected = Event()
        self._topic = str(Topic(address, Channel.RECORDED))
        self._link = Link(
            settings,
            f"server-{uuid4()}",
            subscriptions=(all_stations(Channel.INSPECTION),),
            on_message=self._hear,
            on_connected=self._connected.set,
        )
        self._link.open()
        assert self._connected.wait(WAIT_S)

    def say(self, epoch: UUID, rows: int, session: int = 1) -> None:
        mark = BootWatermark(boot=BOOT, rows_through=rows, evidence_through=0)
        recorded = Recorded(epoch=epoch, session=session, boots=(mark,))
        self._link.publish(Message(self._topic, recorded.model_dump_json().encode(), retain=True))

    def hear(self, count: int) -> list[bytes]:
        return [self.heard.get(timeout=WAIT_S) for _ in range(count)]

    def close(self) -> None:
        self._link.close()

    def _hear(self, message: Message) -> None:
        self._link.acknowledge(message)
        self.heard.put(message.payload)


@pytest.fixture
def address() -> StationAddress:
    return StationAddress(station=f"station-{uuid4().hex[:8]}")


@pytest.fixture
def server(broker: MqttSettings, address: StationAddress) -> Iterator[Server]:
    server = Server(broker, address)
    yield server
    server.close()


@pytest.fixture
def outbox(tmp_path: Path, address: StationAddress) -> Iterator[Outbox]:
    box = Outbox(tmp_path / "outbox.sqlite3")
    box.begin_boot(BOOT)
    topic = str(Topic(address, Channel.INSPECTION))
    box.append(
        [
            Parcel(Lane.ROWS, BOOT, n, topic, "application/json", f"row {n}".encode())
            for n in (1, 2, 3)
        ]
    )
    yield box
    box.close()


@pytest.fixture
def delivery(
    server: Server, broker: MqttSettings, outbox: Outbox, address: StationAddress
) -> Iterator[Delivery]:
    del server  # it listens first
    delivery = Delivery(outbox, Lane.ROWS, address, broker)
    delivery.open()
    yield delivery
    delivery.close()


@pytest.mark.usefixtures("delivery")
def test_the_brokers_word_alone_empties_nothing(server: Server, outbox: Outbox) -> None:
    assert server.hear(3) == [b"row 1", b"row 2", b"row 3"]
    with outbox._changed:
        assert outbox._changed.wait_for(lambda: outbox.counts()[BOOT].published == 3, WAIT_S)
    assert outbox.depth(Lane.ROWS) == 3


@pytest.mark.usefixtures("delivery")
def test_what_is_recorded_is_forgotten(server: Server, outbox: Outbox) -> None:
    server.hear(3)
    server.say(uuid4(), rows=3)
    assert outbox.wait_until_empty(WAIT_S)
    assert outbox.counts()[BOOT].recorded == 3


@pytest.mark.usefixtures("delivery")
def test_another_database_is_sent_what_is_still_here(server: Server) -> None:
    server.hear(3)
    server.say(uuid4(), rows=1)
    assert server.hear(2) == [b"row 2", b"row 3"]
    server.say(uuid4(), rows=0)
    assert server.hear(2) == [b"row 2", b"row 3"]


@pytest.mark.usefixtures("delivery")
def test_a_server_that_was_deaf_is_sent_what_is_still_here(server: Server) -> None:
    server.hear(3)
    epoch = uuid4()
    for session in (1, 2):
        server.say(epoch, rows=1, session=session)
        assert server.hear(2) == [b"row 2", b"row 3"]
    server.say(epoch, rows=2, session=2)
    server.say(epoch, rows=2, session=3)
    assert server.hear(1) == [b"row 3"]


def test_a_server_that_stalls_is_not_sent_all_there_is(
    server: Server, outbox: Outbox, address: StationAddress, broker: MqttSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(delivery_module.AHEAD, Lane.ROWS, 2)
    delivery = Delivery(outbox, Lane.ROWS, address, broker)
    delivery.open()
    try:
        assert server.hear(2) == [b"row 1", b"row 2"]
        with outbox._changed:
            assert outbox._changed.wait_for(lambda: outbox.counts()[BOOT].published == 2, WAIT_S)
        delivery.wake()
        epoch = uuid4()
        server.say(epoch, rows=0)  # a session of its own: what is held is sent again
        assert server.hear(2) == [b"row 1", b"row 2"]
        server.say(epoch, rows=1)
        assert server.hear(1) == [b"row 3"]
        server.say(epoch, rows=3)
        assert outbox.wait_until_empty(WAIT_S)
        assert server.heard.empty()
    finally:
        delivery.close()


def test_a_backlog_that_rests_is_sent_again(
    server: Server, outbox: Outbox, address: StationAddress, broker: MqttSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(delivery_module, "RESEND_AFTER_S", 0.1)
    delivery = Delivery(outbox, Lane.ROWS, address, broker)
    delivery.open()
    try:
        assert server.hear(6) == [b"row 1", b"row 2", b"row 3"] * 2
    finally:
        delivery.close()


@pytest.mark.usefixtures("delivery")
def test_a_new_parcel_is_sent_when_it_is_written(
    server: Server, outbox: Outbox, delivery: Delivery, address: StationAddress
) -> None:
    server.hear(3)
    topic = str(Topic(address, Channel.INSPECTION))
    outbox.append([Parcel(Lane.ROWS, BOOT, 4, topic, "application/json", b"row 4")])
    delivery.wake()
    assert server.hear(1) == [b"row 4"]
