"""Many stations at once, by either broker, into either database: each part once, in order."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from queue import Queue
from uuid import uuid4

from sqlalchemy import func, select

from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import Recorded, StationMode, StationState
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic, all_stations, parse_topic
from edgeinspect.records.database import Database, open_database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.receiver import Receiver
from edgeinspect.records.tables import InspectionRow, MetaRow
from edgeinspect.settings.tree import MqttSettings

WAIT_S = 60.0
STATIONS, PARTS = 8, 150
Marks = dict[str, list[int]]


def _parts(make: Callable[..., Inspection]) -> list[Inspection]:
    """The parts of all stations, those of one after the other's."""
    boots = {f"station-{number}": uuid4() for number in range(STATIONS)}
    return [
        make(sequence, boot=boot, station=name)
        for sequence in range(1, PARTS + 1)
        for name, boot in boots.items()
    ]


def _await_server(sender: Link, heard: Queue[Message]) -> None:
    """Say something that the broker keeps until the server listens, and wait for its answer."""
    state = StationState(mode=StationMode.RUNNING, since=utc_now())
    topic = Topic(StationAddress(station="first"), Channel.STATE)
    sender.publish(Message(str(topic), state.model_dump_json().encode(), retain=True))
    heard.get(timeout=WAIT_S)


def _follow(heard: Queue[Message]) -> Marks:
    """Hear the watermarks until all is recorded; return those that each station was told."""
    marks: Marks = {}
    while min((told[-1] for told in marks.values()), default=0) < PARTS or len(marks) < STATIONS:
        message = heard.get(timeout=WAIT_S)
        recorded = Recorded.model_validate_json(message.payload)
        for boot in recorded.boots:
            marks.setdefault(parse_topic(message.topic).address.station, []).append(
                boot.rows_through
            )
    return marks


def test_each_part_is_recorded_once_and_watermarks_only_rise(
    any_broker: MqttSettings,
    database_url: str,
    tmp_path: Path,
    make_inspection: Callable[..., Inspection],
) -> None:
    heard: Queue[Message] = Queue()

    def hear(message: Message) -> None:
        sender.acknowledge(message)
        heard.put(message)

    ready: Queue[str] = Queue()
    sender = Link(
        any_broker,
        "stations",
        subscriptions=(all_stations(Channel.RECORDED),),
        on_message=hear,
        on_connected=lambda: ready.put("stations"),
    )
    with closing(open_database(database_url)) as database:
        receiver = Receiver(any_broker, database, EvidenceStore(tmp_path / "e"), lambda _: None)
        receiver.start()
        sender.open()
        try:
            ready.get(timeout=WAIT_S)
            _await_server(sender, heard)
            for part in _parts(make_inspection):
                topic = Topic(part.address, Channel.INSPECTION)
                sender.publish(Message(str(topic), part.model_dump_json().encode()))
            marks = _follow(heard)
        finally:
            sender.close()
            receiver.stop()
        assert all(told == sorted(told) for told in marks.values())
        assert _counted(database) == (STATIONS * PARTS, 2)  # rows and images, each connected once


def _counted(database: Database) -> tuple[int, int]:
    """How many inspections there are, and how often the server was connected."""
    with database.read() as connection:
        parts = connection.execute(select(func.count()).select_from(InspectionRow)).scalar_one()
        return parts, connection.execute(select(MetaRow.session)).scalar_one()
