"""Whatever arrives, in whatever order and however often, is recorded once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import (
    BootTail,
    BootWatermark,
    Recorded,
    StationMode,
    StationState,
)
from edgeinspect.core.finding import Finding
from edgeinspect.core.identity import digest, new_id
from edgeinspect.core.inspection import Evidence, Inspection, StationAddress
from edgeinspect.core.part import PartContext
from edgeinspect.records.batch import Announcement, Batch, EvidenceKey, Refused, Seat
from edgeinspect.records.database import Database
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.queries.inspections import one
from edgeinspect.records.queries.stations import BootSummary, boots, stations
from edgeinspect.records.statement import insert_rows
from edgeinspect.records.tables import BootRow, InspectionRow, QuarantineRow, StationRow, Table

MakeInspection = Callable[..., Inspection]
HERE = StationAddress()


def count(database: Database, table: type[Table]) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def reasons(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(QuarantineRow.reason)).scalars())


def mark(recorded: Recorded, boot: UUID) -> tuple[int, int]:
    """Return how far rows and evidence of a boot are safe."""
    (found,) = [mark for mark in recorded.boots if mark.boot == boot]
    return found.rows_through, found.evidence_through


def summary(database: Database, boot: UUID, address: StationAddress = HERE) -> BootSummary:
    (found,) = [item for item in boots(database, address) or () if item.boot == boot]
    return found


def announcement(*tails: tuple[UUID, int], mode: StationMode = StationMode.RUNNING) -> Announcement:
    open_boots = tuple(BootTail(boot=boot, last_sequence=last) for boot, last in tails)
    return Announcement(HERE, StationState(mode=mode, since=utc_now(), open_boots=open_boots))


def evidence(content: bytes) -> Evidence:
    return Evidence(sha256=digest(content), width=4, height=3, bytes=len(content))


def test_what_was_sent_is_what_is_kept(database: Database, make_inspection: MakeInspection) -> None:
    inspection = make_inspection(
        part_id="部件-7",
        context=PartContext(serial="部件-7", lot="L 1"),
        findings=(Finding.model_validate({"class": "划痕", "score": 0.1, "box_px": (0, 0, 1, 2)}),),
        evidence=(evidence(b"a"), evidence(b"b")),
    )
    recording = Ingest(database).record(Batch((inspection,)))
    kept = one(database, inspection.id)
    assert recording.new == (inspection,)
    assert kept is not None
    assert kept.inspection.model_dump_json() == inspection.model_dump_json()
    assert kept.stored == frozenset()


def test_a_repeat_changes_nothing_and_is_acknowledged(
    database: Database, make_inspection: MakeInspection
) -> None:
    first, second = make_inspection(1), make_inspection(2)
    ingest = Ingest(database)
    ingest.record(Batch((first,)))
    again = ingest.record(Batch((first, second, second, first)))
    assert again.new == (second,)
    assert again.refused == ()
    assert again.recorded[HERE] == Recorded(
        epoch=database.epoch,
        boots=(BootWatermark(boot=first.boot, rows_through=2, evidence_through=2),),
    )
    assert count(database, InspectionRow) == 2
    assert summary(database, first.boot).recorded == 2


def test_another_inspection_with_a_taken_sequence_is_quarantined(
    database: Database, make_inspection: MakeInspection
) -> None:
    first, impostor, third = make_inspection(1), make_inspection(1), make_inspection(2)
    recording = Ingest(database).record(Batch((first, impostor, third)))
    assert recording.new == (first, third)
    assert [refused.payload for refused in recording.refused] == [
        impostor.model_dump_json().encode()
    ]
    assert mark(recording.recorded[HERE], first.boot) == (2, 2)
    Ingest(database).record(Batch((impostor,)))
    assert reasons(database) == [f"sequence 1 of boot {first.boot} is another inspection's"]


@pytest.mark.parametrize("together", [True, False])
def test_an_id_under_two_sequences_is_quarantined(
    database: Database, make_inspection: MakeInspection, together: bool
) -> None:
    first = make_inspection(1)
    moved = make_inspection(2, id=first.id)
    batches = [(first, moved)] if together else [(first,), (moved,)]
    for batch in batches:
        recording = Ingest(database).record(Batch(batch))
    assert mark(recording.recorded[HERE], first.boot) == (2, 2)
    assert reasons(database) == [f"id {first.id} was recorded under another sequence"]
    kept = one(database, first.id)
    assert kept is not None and kept.inspection == first


def test_a_row_the_database_refuses_spares_the_others(
    database: Database, make_inspection: MakeInspection
) -> None:
    batch = [make_inspection(sequence) for sequence in range(1, 8)]
    batch[4] = make_inspection(5, context=PartContext(lot="a\x00b"))
    recording = Ingest(database).record(Batch(tuple(batch)))
    assert mark(recording.recorded[HERE], batch[0].boot) == (7, 7)
    kept = count(database, InspectionRow)
    assert (kept, len(recording.refused)) in {(7, 0), (6, 1)}  # SQLite holds a NUL, PostgreSQL not
    assert len(recording.new) == kept


def test_holes_are_named_until_they_are_filled(
    database: Database, make_inspection: MakeInspection
) -> None:
    parts = {sequence: make_inspection(sequence) for sequence in (1, 2, 5, 6, 9)}
    boot = parts[1].boot
    ingest = Ingest(database)
    ingest.record(Batch(tuple(parts.values()), (announcement((boot, 11)),)))
    found = summary(database, boot)
    assert (found.rows_through, found.last_sequence, found.recorded) == (2, 11, 5)
    assert found.holes == ((3, 4), (7, 8), (10, 11))
    assert [station.holes for station in stations(database)] == [6]
    ingest.record(Batch(tuple(make_inspection(sequence) for sequence in (4, 3, 7, 8, 11, 10))))
    found = summary(database, boot)
    assert (found.rows_through, found.evidence_through, found.holes) == (11, 11, ())
    assert [(station.inspected, station.holes) for station in stations(database)] == [(11, 0)]


def test_a_lost_tail_is_a_hole(database: Database) -> None:
    boot = uuid4()
    recording = Ingest(database).record(Batch(announcements=(announcement((boot, 3)),)))
    assert mark(recording.recorded[HERE], boot) == (0, 0)
    assert summary(database, boot).holes == ((1, 3),)


def test_a_forged_tail_is_one_hole_and_its_boot_goes_on(
    database: Database, make_inspection: MakeInspection
) -> None:
    far = 2**53 - 1
    first, second = make_inspection(1), make_inspection(2)
    ingest = Ingest(database)
    ingest.record(Batch((first,), (announcement((first.boot, far), (uuid4(), far)),)))
    assert summary(database, first.boot).holes == ((2, far),)
    assert mark(ingest.record(Batch((second,))).recorded[HERE], first.boot) == (2, 2)
    (station,) = stations(database)
    assert (station.inspected, station.holes) == (far, far)  # more is not counted


def test_sums_over_boots_never_overflow(database: Database) -> None:
    Ingest(database).record(Batch(announcements=(announcement(*((uuid4(), 5) for _ in "abc")),)))
    assert [(item.inspected, item.holes) for item in stations(database)] == [(15, 15)]
    with database.write() as connection:
        connection.execute(update(BootRow).values(last_sequence=2**62))
    assert [(item.inspected, item.holes) for item in stations(database)] == [(2**53 - 1,) * 2]


def test_only_boots_the_station_may_still_hold_are_acknowledged(
    database: Database, make_inspection: MakeInspection
) -> None:
    ingest = Ingest(database)
    old, new = make_inspection(1, boot=uuid4()), make_inspection(1, boot=uuid4())
    ingest.record(Batch((old, new)))
    said = ingest.record(Batch(announcements=(announcement((new.boot, 1)),)))
    assert [boot.boot for boot in said.recorded[HERE].boots] == [new.boot]
    late = ingest.record(Batch((old,)))
    assert {boot.boot for boot in late.recorded[HERE].boots} == {old.boot, new.boot}


def test_a_last_will_says_nothing_of_boots(
    database: Database, make_inspection: MakeInspection
) -> None:
    part = make_inspection(1)
    ingest = Ingest(database)
    ingest.record(Batch((part,)))
    gone = ingest.record(Batch(announcements=(announcement(mode=StationMode.OFFLINE),)))
    assert mark(gone.recorded[HERE], part.boot) == (1, 1)
    (station,) = stations(database)
    assert station.state is not None and station.state.mode is StationMode.OFFLINE


def test_a_last_will_is_dated_when_it_comes_first(database: Database) -> None:
    before = utc_now()
    written = before - timedelta(hours=1)
    will = Announcement(HERE, StationState(mode=StationMode.OFFLINE, since=written))
    ingest = Ingest(database)
    since = []
    for _ in range(2):
        ingest.record(Batch(announcements=(will,)))
        (station,) = stations(database)
        assert station.state is not None
        since.append(station.state.since)
    assert before <= since[0] <= utc_now()
    assert since[0] == since[1]


def test_evidence_holds_its_own_watermark(
    database: Database, make_inspection: MakeInspection
) -> None:
    ingest = Ingest(database)
    kept = {1: (), 2: (evidence(b"2"),), 3: (), 4: (evidence(b"4"), evidence(b"5")), 5: ()}
    parts = [make_inspection(number, evidence=images) for number, images in kept.items()]
    boot = parts[0].boot
    assert mark(ingest.record(Batch(tuple(parts))).recorded[HERE], boot) == (5, 1)
    arrivals = [(b"5", 1), (b"2", 3), (b"2", 3), (b"4", 5)]
    for content, through in arrivals:
        stored = Batch(stored=(EvidenceKey(HERE, digest(content)),))
        assert mark(ingest.record(stored).recorded[HERE], boot) == (5, through)
    known = one(database, parts[3].id)
    assert known is not None and known.stored == {digest(b"4"), digest(b"5")}


def test_evidence_may_come_before_its_inspection(
    database: Database, make_inspection: MakeInspection
) -> None:
    ingest = Ingest(database)
    ingest.record(Batch(stored=(EvidenceKey(HERE, digest(b"x")),)))
    part = make_inspection(1, evidence=(evidence(b"x"),))
    assert mark(ingest.record(Batch((part,))).recorded[HERE], part.boot) == (1, 1)


def test_a_quarantined_sequence_is_accounted_for_and_can_still_be_filled(
    database: Database, make_inspection: MakeInspection
) -> None:
    ingest = Ingest(database)
    part = make_inspection(1)
    poison = Refused("topic", b"{", "not an inspection", Seat(HERE, part.boot, 1))
    for _ in range(2):
        recording = ingest.record(Batch(refused=(poison,)))
        assert mark(recording.recorded[HERE], part.boot) == (1, 1)
    assert (count(database, QuarantineRow), count(database, InspectionRow)) == (1, 0)
    assert summary(database, part.boot).recorded == 0
    assert ingest.record(Batch((part,))).new == (part,)
    assert summary(database, part.boot).recorded == 1


def test_a_message_from_nowhere_is_quarantined(database: Database) -> None:
    long = Refused("t" * 70_000, b"\xff\x00" * 2_000_000, "no\x00thing known of it")
    recording = Ingest(database).record(Batch(refused=(long,)))
    assert recording.recorded == {}
    with database.read() as connection:
        row = connection.execute(select(QuarantineRow)).one()
    assert (row.size_bytes, len(row.payload), row.reason) == (
        4_000_000,
        1 << 20,
        "no�thing known of it",
    )


def test_stations_do_not_disturb_each_other(
    database: Database, make_inspection: MakeInspection
) -> None:
    other = StationAddress(station="station-2")
    boot = uuid4()
    mine = make_inspection(1, boot=boot)
    theirs = make_inspection(2, boot=boot, station=other.station)
    recording = Ingest(database).record(Batch((mine, theirs)))
    assert mark(recording.recorded[HERE], boot) == (1, 1)
    assert mark(recording.recorded[other], boot) == (0, 0)
    assert summary(database, boot, other).holes == ((1, 1),)
    anew = Ingest(database).begin_session()
    assert {address: said.boots for address, said in anew.items()} == {
        address: said.boots for address, said in recording.recorded.items()
    }
    assert [said.session for said in anew.values()] == [1, 1]


def test_workers_that_share_a_boot_lose_nothing(
    database: Database, make_inspection: MakeInspection
) -> None:
    parts = [
        make_inspection(number, evidence=(evidence(b"%d" % number),)) for number in range(1, 81)
    ]
    boot = parts[0].boot
    batches = [Batch(tuple(parts[start::8])) for start in range(8)]
    batches += [Batch(stored=(EvidenceKey(HERE, part.evidence[0].sha256),)) for part in parts[::-1]]
    with ThreadPoolExecutor(4) as pool:
        recordings = list(pool.map(Ingest(database).record, batches))
    assert sum(len(recording.new) for recording in recordings) == len(parts)
    marks = [mark(recording.recorded[HERE], boot) for recording in recordings if recording.recorded]
    assert max(marks) == (80, 80)
    assert summary(database, boot).evidence_through == 80


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batches=st.lists(st.lists(st.integers(1, 12), max_size=8), max_size=6))
def test_the_watermark_is_the_end_of_the_first_run(
    database: Database, make_inspection: MakeInspection, batches: list[list[int]]
) -> None:
    boot, ids = uuid4(), [new_id() for _ in range(13)]
    ingest, arrived = Ingest(database), {0}
    for batch in batches:
        parts = tuple(make_inspection(number, boot=boot, id=ids[number]) for number in batch)
        recording = ingest.record(Batch(parts))
        assert {part.sequence for part in recording.new} == set(batch) - arrived
        arrived |= set(batch)
        if batch:
            through = next(number for number in range(14) if number + 1 not in arrived)
            assert mark(recording.recorded[HERE], boot) == (through, through)
            known = {
                n for first, last in summary(database, boot).holes for n in range(first, last + 1)
            }
            assert known == set(range(max(arrived))) - arrived


def test_a_row_that_is_there_already_is_an_integrity_error(database: Database) -> None:
    """However rows are brought in."""
    row = {"site": "s", "line": "l", "station": "x\ty\\z", "state": None}
    with pytest.raises(IntegrityError), database.write() as connection:
        insert_rows(connection, StationRow, [row, row])
    with database.write() as connection:
        assert insert_rows(connection, StationRow, [row]) == 1
        assert connection.execute(select(StationRow.station, StationRow.state)).all() == [
            (row["station"], None)
        ]
