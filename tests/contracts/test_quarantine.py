"""What cannot be recorded is set aside, within bounds, and settled by a person."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import cv2
import pytest

from edgeinspect.core.frame import Image
from edgeinspect.core.identity import digest
from edgeinspect.core.inspection import Evidence, Inspection, StationAddress
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.records import arrivals
from edgeinspect.records.arrivals import read_document
from edgeinspect.records.batch import Batch, EvidenceKey, Recording, Refused
from edgeinspect.records.database import Database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.quarantine import KEPT_BYTES, ROW_BYTES
from edgeinspect.records.queries.inspections import one
from edgeinspect.records.queries.quarantine import Aside, Outcome, aside, asides, holding
from edgeinspect.records.queries.stations import stations
from edgeinspect.records.settle import QuarantineDesk, SettledError, UnknownAsideError

MakeInspection = Callable[..., Inspection]
HERE = StationAddress()
TOPIC = str(Topic(HERE, Channel.INSPECTION))


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Iterator[QuarantineDesk]:
    yield QuarantineDesk(database, EvidenceStore(tmp_path / "evidence"))


def arrive(database: Database, payload: bytes, limit_bytes: int = 10**9) -> Recording:
    read = read_document(Message(TOPIC, payload))
    batch = Batch((read,)) if isinstance(read, Inspection) else Batch(refused=(read,))  # type: ignore[arg-type]
    return Ingest(database, limit_bytes).record(batch)


def through(recording: Recording, boot: UUID) -> int:
    return next(mark.rows_through for mark in recording.recorded[HERE].boots if mark.boot == boot)


def future(inspection: Inspection) -> bytes:
    """Return an inspection two versions ahead."""
    return inspection.model_dump_json().replace("inspection/1", "inspection/3").encode()


def the_one(database: Database) -> Aside:
    (found,) = asides(database, None, None, 10)
    return found


def test_what_is_set_aside_is_listed_newest_first(database: Database) -> None:
    for number in range(5):
        arrive(database, f"no JSON {number}".encode())
    newest = asides(database, Outcome.WAITING, None, 2)
    older = asides(database, Outcome.WAITING, newest[-1].id, 9)
    listed = [each.beginning for each in (*newest, *older)]
    assert listed == [f"no JSON {number}".encode() for number in (4, 3, 2, 1, 0)]
    assert all(each.topic == TOPIC and "is no JSON" in each.reason for each in newest)
    found = holding(database)
    assert (found.waiting, found.held_bytes) == (5, 5 * (len(b"no JSON 0") + ROW_BYTES))


def test_a_message_of_the_future_is_recorded_after_an_update(
    database: Database,
    desk: QuarantineDesk,
    make_inspection: MakeInspection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent = make_inspection(1)
    assert through(arrive(database, future(sent)), sent.boot) == 1
    (summary,) = stations(database)
    assert (summary.inspected, summary.holes, summary.quarantined) == (1, 0, 1)
    waiting = the_one(database)
    assert "is of a newer version" in (desk.retry(waiting.id, "Li Na") or "")
    assert (the_one(database).tries, the_one(database).outcome) == (1, Outcome.WAITING)
    monkeypatch.setattr(arrivals, "NEXT_SCHEMA", "edgeinspect.inspection/3")  # the update
    assert desk.retry(waiting.id, "Li Na") is None
    settled = the_one(database)
    assert (settled.outcome, settled.settled_by, settled.kept_bytes) == ("recorded", "Li Na", 0)
    kept = one(database, sent.id)
    assert kept is not None and kept.inspection == sent
    (summary,) = stations(database)
    assert (summary.inspected, summary.holes, summary.quarantined) == (1, 0, 0)
    assert holding(database).held_bytes == 0
    with pytest.raises(SettledError, match="was recorded by Li Na on"):
        desk.retry(waiting.id, "Wang Wei")


def test_what_is_refused_again_is_kept_once(
    database: Database, desk: QuarantineDesk, make_inspection: MakeInspection
) -> None:
    first = make_inspection(1)
    second = make_inspection(1, boot=first.boot)
    Ingest(database).record(Batch((first,)))
    spaced = second.model_dump_json(indent=1).encode()
    arrive(database, spaced)
    waiting = the_one(database)
    assert "is another inspection's" in (desk.retry(waiting.id, "Li Na") or "")
    assert the_one(database).id == waiting.id
    assert one(database, second.id) is None


def test_a_dismissed_message_keeps_who_and_why_and_never_comes_back(
    database: Database, desk: QuarantineDesk
) -> None:
    arrive(database, b"a test of ours\x00")
    desk.dismiss(the_one(database).id, "Li Na", "not a part\x00")
    arrive(database, b"a test of ours\x00")
    gone = the_one(database)
    assert (gone.outcome, gone.settled_by) == (Outcome.DISMISSED, "Li Na")
    assert gone.note is not None and gone.note.startswith("not a part")
    assert (gone.size_bytes, gone.kept_bytes, gone.beginning) == (15, 0, b"")
    assert gone.settled_at is not None
    with pytest.raises(SettledError, match="was dismissed by Li Na"):
        desk.dismiss(gone.id, "Wang Wei", None)
    with pytest.raises(UnknownAsideError, match="message 999 is not in the quarantine"):
        desk.retry(999, "Li Na")


def test_of_a_huge_message_the_beginning_is_kept_and_said(
    database: Database, desk: QuarantineDesk
) -> None:
    arrive(database, b"x" * (KEPT_BYTES + 1))
    waiting = the_one(database)
    assert (waiting.size_bytes, waiting.kept_bytes) == (KEPT_BYTES + 1, KEPT_BYTES)
    assert "only 1048576 of its 1048577 bytes were kept" in (desk.retry(waiting.id, "Li Na") or "")


def test_a_refused_image_is_stored_when_it_is_one_after_all(
    database: Database, desk: QuarantineDesk, make_inspection: MakeInspection, picture: Image
) -> None:
    content = cv2.imencode(".jpg", picture)[1].tobytes()
    image = Evidence(sha256=digest(content), width=64, height=48, bytes=len(content))
    sent = make_inspection(1, evidence=(image,))
    topic = str(Topic(HERE, Channel.EVIDENCE, image.sha256))
    key = EvidenceKey(HERE, image.sha256)
    Ingest(database).record(
        Batch((sent,), refused=(Refused(topic, content, "an older server", evidence=key),))
    )
    assert desk.retry(the_one(database).id, "Li Na") is None
    kept = one(database, sent.id)
    assert kept is not None and kept.stored == {image.sha256}


def test_a_full_quarantine_leaves_parts_at_their_station(
    database: Database, desk: QuarantineDesk, make_inspection: MakeInspection
) -> None:
    first, second, third = (make_inspection(number) for number in (1, 2, 3))
    limit_bytes = len(future(first)) + ROW_BYTES
    assert through(arrive(database, future(first), limit_bytes), first.boot) == 1
    held = arrive(database, future(second), limit_bytes)
    assert (through(held, first.boot), len(held.without_room)) == (1, 1)
    arrive(database, b"nobody's", limit_bytes)
    sound = arrive(database, third.model_dump_json().encode(), limit_bytes)
    assert sound.new == (third,)
    (summary,) = stations(database)
    assert (summary.inspected, summary.holes, summary.quarantined) == (3, 1, 1)
    assert (holding(database).waiting, holding(database).unkept) == (1, 1)
    desk.dismiss(the_one(database).id, "Li Na", None)
    assert through(arrive(database, future(second), limit_bytes), first.boot) == 3


def test_the_payload_is_there_to_be_saved(database: Database) -> None:
    arrive(database, b"\xff\xfe not JSON")
    found = aside(database, the_one(database).id)
    assert found is not None and found[1] == b"\xff\xfe not JSON"
    assert aside(database, 999) is None
