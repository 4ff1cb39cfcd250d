"""A whole station with a trigger: every part told of has its record, the last ones too."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread
from uuid import uuid4

import pytest

from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.inspection import Inspection
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.verdict import Verdict
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.settings.tree import MqttSettings, Settings
from edgeinspect.station import delivery
from edgeinspect.station.delivery import AHEAD
from edgeinspect.station.parcel import Lane
from edgeinspect.station.run import StopRequest, run_station

WAIT_S = 30.0
PARTS = 10


@pytest.fixture
def settings(tmp_path: Path, sample: Path, washer_model: Path, broker: MqttSettings) -> Settings:
    return Settings.model_validate(
        {
            "data": tmp_path,
            "mqtt": broker.model_dump(),
            "station": {
                "name": f"station-{uuid4().hex[:8]}",
                "camera": f"simulated:{sample / 'test' / 'good'}?rate=50",
                "trigger": "mqtt:?within_ms=5000",
                "model": washer_model,
                "context": {"machine": "press-3", "lot": "unknown yet"},
            },
        }
    )


@contextmanager
def running(settings: Settings) -> Iterator[StopRequest]:
    stop = StopRequest()
    thread = Thread(target=run_station, args=(settings, stop))
    thread.start()
    try:
        yield stop
    finally:
        stop.ask()
        thread.join(WAIT_S)
    assert not thread.is_alive()


def said_of_parts(settings: Settings, *channels: Channel) -> dict[Channel, list[Inspection]]:
    """Run a station, tell it of ten parts, and return what it says of them on `channels`.

    It ends when the first of these has as many, and every one has some.
    """
    heard: Queue[Message] = Queue()
    topics = {str(Topic(settings.address, each)): each for each in Channel}
    names = {channel: topic for topic, channel in topics.items()}
    wanted = tuple(names[each] for each in (Channel.STATE, *channels))
    link = Link(settings.mqtt, "line", subscriptions=wanted, on_message=heard.put)
    link.open()
    said: dict[Channel, list[Inspection]] = {each: [] for each in channels}
    with closing(link), running(settings):
        told = False
        while len(said[channels[0]]) < PARTS or not all(said.values()):
            message = heard.get(timeout=WAIT_S)
            link.acknowledge(message)
            channel = topics[message.topic]
            if channel in said:
                said[channel].append(Inspection.model_validate_json(message.payload))
            elif not told and _runs(message):
                told = True
                for number in range(PARTS):
                    payload = f'{{"serial": "S{number}", "lot": "L{number}"}}'.encode()
                    link.publish(Message(names[Channel.PART], payload))
    return said


def test_every_part_told_of_is_inspected_under_its_serial(settings: Settings) -> None:
    records = said_of_parts(settings, Channel.INSPECTION)[Channel.INSPECTION]
    assert [record.sequence for record in records] == list(range(1, PARTS + 1))
    for number, record in enumerate(records):
        # Ten parts told of at once have a frame each, and eight of them may wait for the judge.
        assert (record.context.lot, record.context.machine) == (f"L{number}", "press-3")
        missed = record.reasons and record.reasons[0].code is ReasonCode.FRAME_MISSED
        if missed:
            assert record.context.serial == f"S{number}"
            assert record.timings_ms.trigger is None
            continue
        codes = [reason.code for reason in record.reasons]
        assert ReasonCode.SERIAL_DIFFERS in codes or record.context.serial == f"S{number}"
        assert record.verdict is not Verdict.PASS or record.context.serial == f"S{number}"
        assert record.timings_ms.trigger is not None


def test_what_is_decided_is_told_once_and_at_once_though_nobody_records_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(AHEAD, Lane.ROWS, 3)  # there is no server, so no more than these are sent
    monkeypatch.setattr(delivery, "RESEND_AFTER_S", 0.1)
    said = said_of_parts(settings, Channel.VERDICT, Channel.INSPECTION)
    assert [each.sequence for each in said[Channel.VERDICT]] == list(range(1, PARTS + 1))
    sent = said[Channel.INSPECTION]
    assert {each.sequence for each in sent} <= {1, 2, 3}
    assert sent[0] == said[Channel.VERDICT][sent[0].sequence - 1]


def _runs(message: Message) -> bool:
    """Say whether the station listens: what is told before that reaches nobody."""
    return StationState.model_validate_json(message.payload).mode is StationMode.RUNNING
