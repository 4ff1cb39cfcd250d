"""A station that joins views hears them from a real broker, whatever they send it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest

from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.health import StationHealth
from edgeinspect.core.identity import new_id
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.verdict import Purpose, Verdict
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.settings.tree import MqttSettings, Settings
from edgeinspect.station.run import StopRequest, run_station

WAIT_S = 30.0
MODEL = {"name": "washer", "version": 1, "sha256": "a" * 64, "runtime": "onnxruntime"}


class Views:
    """Two stations as a test lets them speak, and what the one that joins them says."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._line = settings.site.line
        self._boot = uuid4()
        self._sequence = 0
        self.states: Queue[StationState] = Queue()
        self.parts: Queue[Inspection] = Queue()
        self.health: Queue[StationHealth] = Queue()
        self._into: dict[str, tuple[Queue[Any], Any]] = {
            str(Topic(settings.address, Channel.STATE)): (self.states, StationState),
            str(Topic(settings.address, Channel.INSPECTION)): (self.parts, Inspection),
            str(Topic(settings.address, Channel.HEALTH)): (self.health, StationHealth),
        }
        self.link = Link(
            settings.mqtt, "views", subscriptions=tuple(self._into), on_message=self._hear
        )
        self.link.open()

    def close(self) -> None:
        self.link.close()

    def _hear(self, message: Message) -> None:
        self.link.acknowledge(message)
        into, kind = self._into[message.topic]
        into.put(kind.model_validate_json(message.payload))

    def topic(self, station: str, channel: Channel) -> str:
        return str(Topic(StationAddress(line=self._line, station=station), channel))

    def be(self, mode: StationMode, *stations: str) -> None:
        """Have stations announce what they do."""
        state = StationState(mode=mode, since=utc_now()).model_dump_json().encode()
        for station in stations:
            self.link.publish(Message(self.topic(station, Channel.STATE), state, retain=True))

    def see(self, station: str, serial: str | None, **more: object) -> Message:
        """Have a station say that a part passed, or what `more` says of it."""
        self._sequence += 1
        fields = {
            "id": new_id(),
            **StationAddress(line=self._line, station=station).model_dump(),
            "boot": self._boot,
            "sequence": self._sequence,
            "captured_at": utc_now(),
            "part_id": serial or f"file-{self._sequence}",
            "context": {"serial": serial},
            "recipe": None,
            "verdict": Verdict.PASS,
            "score": 0.5,
            "model": MODEL,
        }
        said = Inspection.model_validate(fields | more).model_dump_json().encode()
        message = Message(self.topic(station, Channel.VERDICT), said, qos=0)
        self.link.publish(message)
        return message

    def wait_for(self, mode: StationMode, says: str = "") -> None:
        while (state := self.states.get(timeout=WAIT_S)).mode is not mode or says not in (
            state.reason or ""
        ):
            pass

    def hear_of(self, part_id: str) -> Inspection:
        """Return the record of a part; there is no server, so earlier ones may come again."""
        while (part := self.parts.get(timeout=WAIT_S)).part_id != part_id:
            pass
        return part


@pytest.fixture
def views(tmp_path: Path, broker: MqttSettings) -> Iterator[Views]:
    settings = Settings.model_validate(
        {
            "data": tmp_path,
            "site": {"line": f"line-{uuid4().hex[:8]}"},
            "mqtt": broker.model_dump(),
            "station": {"name": "verdict", "camera": "views:top,side?within_ms=1500"},
        }
    )
    with closing(Views(settings)) as made:
        yield made


@contextmanager
def joining(views: Views) -> Iterator[None]:
    """Run the joining station until it is ready, and stop it afterwards."""
    stop = StopRequest()
    thread = Thread(target=run_station, args=(views.settings, stop))
    thread.start()
    try:
        views.be(StationMode.RUNNING, "top", "side")
        views.wait_for(StationMode.RUNNING)
        yield
    finally:
        stop.ask()
        thread.join(WAIT_S)
    assert not thread.is_alive()


def test_a_view_that_is_not_heard_is_a_fault_that_names_it(views: Views) -> None:
    views.be(StationMode.RUNNING, "top")
    stop = StopRequest()
    thread = Thread(target=run_station, args=(views.settings, stop))
    thread.start()
    try:
        views.wait_for(StationMode.FAULT, "view side says nothing")
        views.be(StationMode.DEGRADED, "side")  # it judges still
        views.wait_for(StationMode.RUNNING)
        views.be(StationMode.PAUSED, "top")
        views.wait_for(StationMode.FAULT, "view top is paused")
        views.be(StationMode.RUNNING, "top")
        views.wait_for(StationMode.RUNNING)
        views.see("side", "S1", purpose=Purpose.COMMISSIONING)
        views.wait_for(StationMode.FAULT, "view side inspects for commissioning")
        views.see("side", "S2")
        views.wait_for(StationMode.RUNNING)
    finally:
        stop.ask()
        thread.join(WAIT_S)


def test_what_is_said_of_parts_becomes_records_that_are_safe(views: Views) -> None:
    with joining(views):
        views.link.publish(Message(views.topic("top", Channel.VERDICT), b"{no inspection"))
        forged = views.see("top", "S0")
        views.link.publish(Message(views.topic("side", Channel.VERDICT), forged.payload))
        missing = views.hear_of("S0")
        assert [reason.code for reason in missing.reasons] == [ReasonCode.VIEW_MISSING]

        views.see("side", "S1", context={"serial": "S1", "lot": "L7", "machine": "lathe"})
        top = views.see("top", "S1", context={"serial": "S1", "machine": "press"})
        passed = views.hear_of("S1")
        assert (passed.verdict, passed.reasons) == (Verdict.PASS, ())
        assert (passed.context.lot, passed.context.machine) == ("L7", "press")
        views.link.publish(top)  # as by a bridge that repeats

        views.see("top", None)
        unread = views.hear_of("file-4")
        assert [reason.code for reason in unread.reasons] == [ReasonCode.SERIAL_UNREAD]

        scratch = {"code": ReasonCode.ABOVE_THRESHOLD, "text": "score 3 reaches 2"}
        views.see("top", "S2", verdict=Verdict.FAIL, reasons=[scratch])
        views.see("side", "S2")
        failed = views.hear_of("S2")
        assert (failed.verdict, failed.reasons[0].text) == (
            Verdict.FAIL,
            "top: score 3 reaches 2",
        )
        views.see("top", "S3", captured_at=utc_now() + timedelta(hours=1))
        views.wait_for(StationMode.FAULT, "the clock of view top is 3600.0 s ahead")
        for station in ("top", "side"):
            views.see(station, "S4")
        assert views.hear_of("S4").verdict is Verdict.PASS
        views.wait_for(StationMode.RUNNING)

        views.see("side", "S0", captured_at=missing.captured_at)  # decided long ago
        while (health := views.health.get(timeout=WAIT_S).views) is None or not health.late:
            pass
    assert (health.heard, health.again, health.late, health.unusable) == (11, 1, 1, 2)


def test_a_stop_records_what_waits_and_a_restart_decides_nothing_anew(views: Views) -> None:
    with joining(views):
        first = [views.see(station, "S1") for station in ("top", "side")]
        assert views.hear_of("S1").verdict is Verdict.PASS
        views.see("top", "S2")
        views.see("side", "S3")
        for station in ("top", "side"):
            views.see(station, "S9")
        views.hear_of("S9")  # so both of the others were heard
    waited = {views.hear_of(serial).verdict for serial in ("S2", "S3")}
    assert waited == {Verdict.REVIEW}
    with joining(views):
        for message in first:
            views.link.publish(message)
        for station in ("top", "side"):
            views.see(station, "S4")
        while (part := views.parts.get(timeout=WAIT_S)).part_id != "S4":
            # What is not recorded is sent again: the same records, and no other of these parts.
            assert part.sequence <= 4
        assert (part.sequence, part.verdict) == (1, Verdict.PASS)
