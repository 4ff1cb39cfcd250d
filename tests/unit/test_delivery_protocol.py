"""The delivery protocol on a network that drops, repeats and reorders at will.

The outbox, the deliveries, the reading of messages and the ingest are the product's own; only the
connection between them is made here, so that every order of events can be tried.
docs/reference/delivery.md is what is checked.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, update

from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.identity import digest, new_id
from edgeinspect.core.inspection import Evidence, Inspection, StationAddress
from edgeinspect.core.verdict import Verdict
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.records.arrivals import read_document, read_evidence_key
from edgeinspect.records.batch import Announcement, Batch, EvidenceKey, Refused
from edgeinspect.records.database import Database, open_database
from edgeinspect.records.evidence_store import check_evidence
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.queries.stations import stations
from edgeinspect.records.tables import (
    BootRow,
    EvidenceReferenceRow,
    EvidenceRow,
    InspectionRow,
    MetaRow,
)
from edgeinspect.settings.tree import MqttSettings
from edgeinspect.station import delivery as delivery_module
from edgeinspect.station.delivery import RESEND_MOST_S, Delivery
from edgeinspect.station.outbox import UNBOUNDED, Outbox
from edgeinspect.station.outbox_space import Bounds
from edgeinspect.station.parcel import Lane, Parcel

HERE = StationAddress()
MODEL = {"name": "m", "version": 1, "sha256": "a" * 64, "runtime": "r"}
ANY = st.integers(0, 2**31)


class Wire:
    """A connection that puts what is published on the network, and forgets that it did."""

    network: list[Message]
    """Set for each example: every wire of it shares one."""

    def __init__(self, _settings: object, _name: str, **heard: Any) -> None:
        self.published = 0
        self.unanswered: list[int] = []
        self.delivered: Callable[[int], None] = heard["on_delivered"]
        self.connected: Callable[[], None] = heard["on_connected"]
        self.hear: Callable[[Message], None] = heard["on_message"]
        self.trouble = None

    def publish(self, message: Message) -> int:
        self.published += 1
        self.unanswered.append(self.published)
        self.network.append(message)
        return self.published

    def acknowledge(self, _message: Message) -> None:
        pass


class Protocol(RuleBasedStateMachine):
    """A station, a server, and the network between them."""

    bounds = UNBOUNDED
    empty: Path

    @initialize(seed=ANY)
    def begin(self, seed: int) -> None:
        self._random = Random(seed)
        self._folder = Path(tempfile.mkdtemp(prefix="edgeinspect-protocol-"))
        shutil.copy(self.empty, self._folder / "records.sqlite3")
        self._database: Database = open_database(self._folder / "records.sqlite3")
        self._ingest = Ingest(self._database)
        self._outbox = Outbox(Path(":memory:"), self.bounds)
        self._to_server: list[Message] = []
        self._to_station: list[Message] = []
        self._inspected: dict[tuple[UUID, int], Inspection] = {}
        self._once_recorded: set[tuple[UUID, int]] = set()
        self._once_stored: set[str] = set()
        self._restores = 0
        self._backup = self.empty
        Wire.network = self._to_server
        self._start_station()

    @rule(parts=st.integers(1, 5))
    def inspect(self, parts: int) -> None:
        for _ in range(parts):
            self._sequence += 1
            verdict = self._random.choice((Verdict.PASS, Verdict.FAIL))
            before = self._random.randrange(3) if verdict is Verdict.FAIL else 0
            pictures = [b"\xff\xd8\xff" + self._random.randbytes(600) for _ in range(1 + before)]
            part = _part(self._boot, self._sequence, verdict, pictures)
            self._inspected[self._boot, self._sequence] = part
            self._outbox.append(_parcels(part, pictures))

    @rule()
    def kill_the_station(self) -> None:
        self._start_station()

    @rule()
    def kill_the_server(self) -> None:
        self._say(self._ingest.begin_session())

    @rule()
    def back_up(self) -> None:
        self._backup = self._folder / f"backup-{uuid4().hex}"
        with (
            closing(sqlite3.connect(self._folder / "records.sqlite3")) as source,
            closing(sqlite3.connect(self._backup)) as target,
        ):
            source.backup(target)

    @rule(is_heard=st.booleans())
    def restore_an_older_state(self, is_heard: bool) -> None:
        self._once_recorded |= self._recorded()
        self._once_stored |= self._stored()
        self._restores += 1
        self._database.close()
        for file in self._folder.glob("records.sqlite3*"):
            file.unlink()
        shutil.copy(self._backup, self._folder / "records.sqlite3")
        self._database = open_database(self._folder / "records.sqlite3")
        with self._database.write() as connection:
            connection.execute(update(MetaRow).values(epoch=new_id()))
        self._ingest = Ingest(self._database)
        watermarks = self._ingest.begin_session()
        if is_heard:
            self._say(watermarks)

    @rule(lane=st.sampled_from(Lane))
    def step(self, lane: Lane) -> None:
        self._deliveries[lane]._step()

    @rule(lane=st.sampled_from(Lane), count=st.integers(1, 8))
    def acknowledge(self, lane: Lane, count: int) -> None:
        wire = self._wire(lane)
        for number in wire.unanswered[:count]:
            wire.delivered(number)
        del wire.unanswered[:count]

    @rule(lane=st.sampled_from(Lane))
    def reconnect(self, lane: Lane) -> None:
        self._wire(lane).connected()

    @rule(lane=st.sampled_from(Lane))
    def nothing_moves_for_a_while(self, lane: Lane) -> None:
        self._deliveries[lane]._moved_s -= 2 * RESEND_MOST_S

    @rule()
    def announce(self) -> None:
        state = StationState(
            mode=StationMode.RUNNING, since=utc_now(), open_boots=self._outbox.tails()
        )
        payload = state.model_dump_json().encode()
        self._to_server.append(Message(str(Topic(HERE, Channel.STATE)), payload))

    @precondition(lambda self: self._to_server)
    @rule(which=ANY, count=st.integers(1, 10))
    def lose(self, which: int, count: int) -> None:
        first = which % len(self._to_server)
        del self._to_server[first : first + count]

    @precondition(lambda self: self._to_server)
    @rule(which=ANY)
    def repeat(self, which: int) -> None:
        self._to_server.append(self._to_server[which % len(self._to_server)])

    @precondition(lambda self: self._to_server)
    @rule()
    def disorder(self) -> None:
        self._random.shuffle(self._to_server)

    @rule(noise=st.binary(max_size=40))
    def speak_nonsense(self, noise: bytes) -> None:
        self._to_server.append(Message(str(Topic(HERE, Channel.INSPECTION)), noise))

    @precondition(lambda self: self._to_server)
    @rule(count=st.integers(1, 30), is_heard=st.booleans())
    def record(self, count: int, is_heard: bool) -> None:
        messages = self._to_server[:count]
        del self._to_server[:count]
        recorded = self._ingest.record(_batch(messages)).recorded
        if is_heard:  # else the server is killed between the commit and its word
            self._say(recorded)

    @precondition(lambda self: self._to_station)
    @rule(which=ANY, lane=st.sampled_from(Lane))
    def hear(self, which: int, lane: Lane) -> None:
        # Not taken off: a watermark may come late, twice, and after a newer one.
        self._wire(lane).hear(self._to_station[which % len(self._to_station)])

    @rule()
    def all_goes_well(self) -> None:
        """Let everybody be heard once."""
        self.announce()
        for lane in Lane:
            self.reconnect(lane)
            self.step(lane)
            self.acknowledge(lane, 1000)
        self.record(len(self._to_server), True)
        for lane in Lane:
            self._wire(lane).hear(self._to_station[-1])
            self.step(lane)

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "_outbox"):
            return
        held = {(each.boot, each.sequence) for each in self._outbox.fetch(Lane.ROWS, 0, 10_000)}
        gone = self._inspected.keys() - held - self._recorded() - self._once_recorded
        assert len(gone) <= self._outbox.health().dropped_rows

    def teardown(self) -> None:
        if hasattr(self, "_outbox"):
            try:
                self._settle()
                self._check_the_end()
            finally:
                self._database.close()
                self._outbox.close()
                shutil.rmtree(self._folder)

    def _settle(self) -> None:
        """Let the network do its work for a while."""
        for _ in range(60):
            self.all_goes_well()
            if not self._outbox.tails():
                return

    def _check_the_end(self) -> None:
        assert self._outbox.tails() == ()
        recorded, health = self._recorded(), self._outbox.health()
        missing = len(self._inspected) - len(recorded)
        lost = self._once_recorded - recorded
        assert recorded <= self._inspected.keys()
        assert missing <= health.dropped_rows + len(lost)
        if not self._inspected:
            return
        (summary,) = stations(self._database)
        assert (summary.holes, summary.given_up + summary.lost) == (0, missing)
        assert summary.lost == 0 or self._restores
        assert summary.given_up == 0 or health.dropped_rows
        assert summary.inspected == len(self._inspected)
        with self._database.read() as connection:
            never = select(func.count()).where(EvidenceRow.stored_at.is_(None))
            lost_images = self._once_stored - self._stored()
            may_miss = health.dropped_evidence + len(lost_images)
            assert connection.execute(never).scalar_one() <= may_miss
            unknown = select(func.count()).where(
                EvidenceReferenceRow.sha256.not_in(select(EvidenceRow.sha256))
            )
            assert connection.execute(unknown).scalar_one() == 0

    def _start_station(self) -> None:
        self._boot, self._sequence = uuid4(), 0
        self._outbox.begin_boot(self._boot)
        address, anywhere = HERE, MqttSettings()
        with patch.object(delivery_module, "Link", Wire):
            self._deliveries = {
                lane: Delivery(self._outbox, lane, address, anywhere) for lane in Lane
            }
        for lane in Lane:
            self._wire(lane).connected()

    def _wire(self, lane: Lane) -> Wire:
        wire: Any = self._deliveries[lane]._link
        assert isinstance(wire, Wire)
        return wire

    def _say(self, watermarks: Any) -> None:
        for recorded in watermarks.values():
            self._to_station.append(Message("recorded", recorded.model_dump_json().encode()))

    def _stored(self) -> set[str]:
        stored = select(EvidenceRow.sha256).where(EvidenceRow.stored_at.is_not(None))
        with self._database.read() as connection:
            return set(connection.scalars(stored))

    def _recorded(self) -> set[tuple[UUID, int]]:
        seats = select(BootRow.boot, InspectionRow.sequence)
        with self._database.read() as connection:
            rows = connection.execute(seats.join(BootRow, BootRow.id == InspectionRow.boot_id))
            return {(boot, sequence) for boot, sequence in rows}


def _part(boot: UUID, sequence: int, verdict: Verdict, pictures: list[bytes]) -> Inspection:
    own, *before = [
        Evidence(sha256=digest(each), width=1, height=1, bytes=len(each)) for each in pictures
    ]
    another = {"kind": "before", "inspection": new_id()}
    return Inspection.model_validate(
        HERE.model_dump()
        | {"id": new_id(), "boot": boot, "sequence": sequence, "captured_at": utc_now()}
        | {"part_id": f"p{sequence}", "recipe": None, "verdict": verdict, "score": 0.5}
        | {"model": MODEL, "evidence": (own, *(each.model_copy(update=another) for each in before))}
    )


def _parcels(part: Inspection, pictures: list[bytes]) -> list[Parcel]:
    passed = part.verdict is Verdict.PASS
    row = str(Topic(HERE, Channel.INSPECTION)), "application/json", part.model_dump_json().encode()
    images = [
        (str(Topic(HERE, Channel.EVIDENCE, digest(each))), "image/jpeg", each) for each in pictures
    ]
    return [
        Parcel(lane, part.boot, part.sequence, *content, passed=passed)
        for lane, content in ((Lane.ROWS, row), *((Lane.EVIDENCE, each) for each in images))
    ]


def _batch(messages: list[Message]) -> Batch:
    """Read messages as the receiver does, less the disk that images lie on."""
    read: list[object] = []
    for message in messages:
        if f"/{Channel.EVIDENCE}/" in message.topic:
            key = read_evidence_key(message)
            assert isinstance(key, EvidenceKey)
            check_evidence(key.sha256, message.payload)
            read.append(key)
        else:
            read.append(read_document(message))
    return Batch(
        tuple(each for each in read if isinstance(each, Inspection)),
        tuple(each for each in read if isinstance(each, Announcement)),
        tuple(each for each in read if isinstance(each, EvidenceKey)),
        tuple(each for each in read if isinstance(each, Refused)),
    )


class BoundedProtocol(Protocol):
    """The same with an outbox that has room for a dozen parts."""

    bounds = Bounds(20_000, 3600.0)


TRIED = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def _try(machine: type[Protocol], folder: Path) -> None:
    machine.empty = folder / "empty.sqlite3"
    with closing(open_database(machine.empty)) as database, database.read() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    run_state_machine_as_test(machine, settings=TRIED)


def test_nothing_is_lost_on_a_network_that_drops_repeats_and_reorders(tmp_path: Path) -> None:
    _try(Protocol, tmp_path)


def test_what_a_full_outbox_gives_up_is_told_and_nothing_else_is_lost(tmp_path: Path) -> None:
    _try(BoundedProtocol, tmp_path)
