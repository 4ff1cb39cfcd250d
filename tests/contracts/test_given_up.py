"""What a station says it gave up is accounted for, and is not taken for recorded."""

from collections.abc import Callable
from uuid import UUID

from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import BootTail, BootWatermark, Dropped, StationMode, StationState
from edgeinspect.core.identity import digest
from edgeinspect.core.inspection import Evidence, Inspection, StationAddress
from edgeinspect.core.verdict import Verdict
from edgeinspect.records.batch import Announcement, Batch, EvidenceKey, Recording
from edgeinspect.records.database import Database
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.queries.inspections import one
from edgeinspect.records.queries.stations import boots, stations

MakeInspection = Callable[..., Inspection]
HERE = StationAddress()


def announce(database: Database, boot: UUID, last: int, dropped: Dropped | None) -> BootWatermark:
    tail = BootTail(boot=boot, last_sequence=last, dropped=dropped)
    state = StationState(mode=StationMode.RUNNING, since=utc_now(), open_boots=(tail,))
    return mark(Ingest(database).record(Batch(announcements=(Announcement(HERE, state),))))


def mark(recording: Recording) -> BootWatermark:
    (found,) = recording.recorded[HERE].boots
    return found


def with_image(make: MakeInspection, number: int, verdict: Verdict) -> Inspection:
    content = f"image {number}".encode()
    image = Evidence(sha256=digest(content), width=1, height=1, bytes=len(content))
    model = {"name": "m", "version": 1, "sha256": "a" * 64, "runtime": "r"}
    return make(number, verdict=verdict, score=0.5, model=model, evidence=(image,))


def test_inspections_given_up_are_no_holes(
    database: Database, make_inspection: MakeInspection
) -> None:
    parts = [make_inspection(number) for number in (2, 6, 7)]
    boot = parts[0].boot
    Ingest(database).record(Batch(tuple(parts)))
    assert announce(database, boot, 9, Dropped(rows_through=5)).rows_through == 7
    (summary,) = boots(database, HERE) or ()
    assert (summary.recorded, summary.given_up, summary.holes) == (3, 4, ((8, 9),))
    late = Ingest(database).record(Batch((make_inspection(4),)))
    assert (late.new[0].sequence, mark(late).rows_through) == (4, 7)
    (summary,) = boots(database, HERE) or ()
    assert (summary.recorded, summary.given_up) == (4, 3)
    assert announce(database, boot, 9, Dropped(rows_through=3)).rows_through == 7


def test_a_boot_of_which_all_was_given_up_is_known(
    database: Database, make_inspection: MakeInspection
) -> None:
    boot = make_inspection().boot
    found = announce(database, boot, 9, Dropped(rows_through=9))
    assert (found.rows_through, found.evidence_through) == (9, 9)
    (summary,) = boots(database, HERE) or ()
    assert (summary.recorded, summary.given_up, summary.holes) == (0, 9, ())


def test_what_a_restore_lost_is_counted_apart(
    database: Database, make_inspection: MakeInspection
) -> None:
    parts = [make_inspection(number) for number in (2, 6, 7)]
    boot = parts[0].boot
    Ingest(database).record(Batch(tuple(parts)))
    assert announce(database, boot, 12, Dropped(lost_through=8, rows_through=10)).rows_through == 10
    (summary,) = boots(database, HERE) or ()
    assert (summary.recorded, summary.lost, summary.given_up) == (3, 5, 2)
    assert summary.holes == ((11, 12),)
    late = Ingest(database).record(Batch((make_inspection(4),)))  # a broker had it still
    assert (late.new[0].sequence, mark(late).rows_through) == (4, 10)
    for through in (3, 8, 10):
        announce(database, boot, 12, Dropped(lost_through=through))
    (summary,) = boots(database, HERE) or ()
    assert (summary.recorded, summary.lost, summary.given_up) == (4, 4, 2)
    (station,) = stations(database)
    assert (station.inspected, station.holes, station.lost, station.given_up) == (12, 2, 4, 2)


def test_images_given_up_are_not_awaited(
    database: Database, make_inspection: MakeInspection
) -> None:
    verdicts = (Verdict.PASS, Verdict.FAIL, Verdict.PASS, Verdict.REVIEW)
    parts = [with_image(make_inspection, n, verdict) for n, verdict in enumerate(verdicts, 1)]
    boot = parts[0].boot
    recorded = Ingest(database).record(Batch(tuple(parts)))
    assert (mark(recorded).rows_through, mark(recorded).evidence_through) == (4, 0)
    assert announce(database, boot, 4, Dropped(passes_through=3)).evidence_through == 1
    stored = EvidenceKey(HERE, parts[1].evidence[0].sha256)
    assert mark(Ingest(database).record(Batch(stored=(stored,)))).evidence_through == 3
    all_gone = Dropped(passes_through=3, evidence_through=4)
    assert announce(database, boot, 4, all_gone).evidence_through == 4


def test_images_given_up_before_their_inspections_came_are_not_awaited(
    database: Database, make_inspection: MakeInspection
) -> None:
    parts = [with_image(make_inspection, number, Verdict.PASS) for number in (1, 2, 3)]
    boot = parts[0].boot
    assert announce(database, boot, 3, Dropped(passes_through=2)).evidence_through == 0
    recorded = Ingest(database).record(Batch(tuple(parts)))
    assert (mark(recorded).rows_through, mark(recorded).evidence_through) == (3, 2)


def test_an_image_that_comes_after_all_is_stored(
    database: Database, make_inspection: MakeInspection
) -> None:
    part = with_image(make_inspection, 1, Verdict.PASS)
    Ingest(database).record(Batch((part,)))
    announce(database, part.boot, 1, Dropped(passes_through=1))
    key = EvidenceKey(HERE, part.evidence[0].sha256)
    Ingest(database).record(Batch(stored=(key,)))
    kept = one(database, part.id)
    assert kept is not None and kept.stored == {key.sha256}
