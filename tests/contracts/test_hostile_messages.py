"""Whatever one client sends, by either broker, the parts of all others are recorded."""

import socket
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import select

from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.records.database import Database, open_database
from edgeinspect.records.events import Event as RecordEvent
from edgeinspect.records.events import InspectionRecorded
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.queries.quarantine import Outcome, asides
from edgeinspect.records.receiver import Receiver
from edgeinspect.records.tables import MetaRow
from edgeinspect.settings.tree import MqttSettings

WAIT_S = 30.0
MakeInspection = Callable[..., Inspection]
HERE = StationAddress()
TOPIC = str(Topic(HERE, Channel.INSPECTION))


def _packet(kind: int, body: bytes) -> bytes:
    length, encoded = len(body), b""
    while True:
        length, digit = divmod(length, 128)
        encoded += bytes([digit | 0x80 if length else digit])
        if not length:
            return bytes([kind]) + encoded + body


def _connect(port: int) -> socket.socket:
    """Connect as an MQTT 5 client that nobody wrote a library for."""
    raw = socket.create_connection(("127.0.0.1", port), WAIT_S)
    name = f"raw-{uuid4().hex[:8]}".encode()
    head = b"\x00\x04MQTT\x05\x02\x00\x3c\x00"
    raw.sendall(_packet(0x10, head + len(name).to_bytes(2) + name))
    raw.recv(64)
    return raw


def _publish(topic: bytes, payload: bytes, properties: bytes = b"") -> bytes:
    head = len(topic).to_bytes(2) + topic + b"\x00\x01"
    return _packet(0x32, head + bytes([len(properties)]) + properties + payload)


def _hundred_megabytes(port: int) -> None:
    with closing(_connect(port)) as raw, suppress(OSError):
        raw.sendall(_packet(0x32, bytes(100_000_000)))
        raw.recv(64)


def _a_topic_that_is_no_utf8(port: int) -> None:
    with closing(_connect(port)) as raw, suppress(OSError):
        raw.sendall(_publish(b"edgeinspect/v1/site/line-1/\xff\xfe/inspection", b"{}"))
        raw.recv(64)


def _a_content_type_that_is_no_utf8(port: int) -> None:
    with closing(_connect(port)) as raw, suppress(OSError):
        raw.sendall(_publish(TOPIC.encode(), b"\xff\xfe", b"\x03\x00\x02\xff\xfe"))
        raw.recv(64)


def _half_a_message(port: int) -> None:
    with closing(_connect(port)) as raw:
        raw.sendall(_publish(TOPIC.encode(), bytes(1000))[:40])


@pytest.mark.parametrize(
    "attack",
    [
        _hundred_megabytes,
        _a_topic_that_is_no_utf8,
        _a_content_type_that_is_no_utf8,
        _half_a_message,
    ],
)
def test_the_rest_is_undisturbed(
    any_broker: MqttSettings,
    tmp_path: Path,
    make_inspection: MakeInspection,
    attack: Callable[[int], None],
) -> None:
    recorded: Queue[RecordEvent] = Queue()
    connected = Event()
    with closing(open_database(tmp_path / "records.sqlite3")) as database:
        store = EvidenceStore(tmp_path / "evidence")
        receiver = Receiver(any_broker, database, store, recorded.put)
        receiver.start()
        station = Link(any_broker, "station", on_connected=connected.set)
        station.open()
        try:
            assert connected.wait(WAIT_S)
            _record(station, recorded, make_inspection(1))
            attack(any_broker.port)
            _record(station, recorded, make_inspection(2))
        finally:
            station.close()
            receiver.stop()


def test_a_message_without_receipt_is_set_aside_and_breaks_nothing(
    any_broker: MqttSettings, tmp_path: Path, make_inspection: MakeInspection
) -> None:
    recorded: Queue[RecordEvent] = Queue()
    connected = Event()
    with closing(open_database(tmp_path / "records.sqlite3")) as database:
        receiver = Receiver(any_broker, database, EvidenceStore(tmp_path / "e"), recorded.put)
        receiver.start()
        station = Link(any_broker, "station", on_connected=connected.set)
        station.open()
        try:
            assert connected.wait(WAIT_S)
            _record(station, recorded, make_inspection(1))
            session = _session(database)
            station.publish(Message(TOPIC, b"at most once", qos=0))
            _record(station, recorded, make_inspection(2))
            assert [each.beginning for each in asides(database, Outcome.WAITING, None, 9)] == [
                b"at most once"
            ]
            assert _session(database) == session
        finally:
            station.close()
            receiver.stop()


def _session(database: Database) -> int:
    """How often the server was connected so far."""
    with database.read() as connection:
        return connection.execute(select(MetaRow.session)).scalar_one()


def _record(station: Link, recorded: Queue[RecordEvent], part: Inspection) -> None:
    """Publish a part until it is recorded, as a station does."""
    message = Message(TOPIC, part.model_dump_json().encode())
    for _ in range(int(WAIT_S)):
        station.publish(message)
        with suppress(Empty):
            event = recorded.get(timeout=1.0)
            if isinstance(event, InspectionRecorded) and event.inspection.id == part.id:
                return
    raise TimeoutError(f"part {part.sequence} was not recorded")
