"""What retention removes is accounted for, what is held stays, and the counts stay."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from edgeinspect.core.clock import utc_now
from edgeinspect.core.finding import Finding
from edgeinspect.core.identity import digest, new_id
from edgeinspect.core.inspection import Evidence, Inspection, ModelRef, StationAddress
from edgeinspect.core.part import PartContext
from edgeinspect.core.verdict import Verdict
from edgeinspect.quality.rates import Tally
from edgeinspect.records.audit.entry import Kind
from edgeinspect.records.audit.pages import seal_open_pages
from edgeinspect.records.audit.tables import PageLineRow, PageRow
from edgeinspect.records.batch import Batch, EvidenceKey
from edgeinspect.records.checks.flaws import Flaw, Found
from edgeinspect.records.database import Database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.queries.audit import AuditFilters, entries
from edgeinspect.records.queries.counts import cells, failed_by_class
from edgeinspect.records.queries.scope import EVERY_STATION
from edgeinspect.records.queries.stations import boots
from edgeinspect.records.retention.holds import (
    Hold,
    PartHeld,
    hold_part,
    holds,
    lift_hold,
    set_hold,
)
from edgeinspect.records.retention.policy import retain
from edgeinspect.records.retention.tables import HoldRow
from edgeinspect.records.rollups.rebuild import rebuild
from edgeinspect.records.tables import (
    EvidenceReferenceRow,
    EvidenceRow,
    FindingRow,
    InspectionRow,
    SequenceRow,
    Table,
)
from edgeinspect.records.verify import verify
from edgeinspect.settings.tree import RetentionSettings

MakeInspection = Callable[..., Inspection]
DENT = Finding.model_validate({"class": "dent", "score": 0.5, "box_px": (0, 0, 1, 1)})
HERE = StationAddress()
ROWS = RetentionSettings(rows_days=30)
IMAGES = RetentionSettings(evidence_days=30)


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


def picture(number: int) -> bytes:
    return b"\xff\xd8\xff" + bytes([number]) * 500_000


def recorded(
    database: Database, store: EvidenceStore, make: MakeInspection, numbers: range
) -> list[Inspection]:
    """Record parts, three to a page: odd ones failed, each with a picture of its own."""
    made = []
    for number in numbers:
        content = picture(number)
        image = Evidence(sha256=digest(content), width=1, height=1, bytes=len(content))
        model = ModelRef(name="m", version=1, sha256="0" * 64, runtime="r")
        odd: dict[str, Any] = {"verdict": Verdict.FAIL, "findings": (DENT,)}
        even: dict[str, Any] = {"verdict": Verdict.PASS, "score": 0.1, "model": model}
        part = make(
            number,
            evidence=(image,),
            context=PartContext(serial=f"S{number // 4}"),
            **(odd if number % 2 else even),
        )
        store.write(image.sha256, content)
        key = EvidenceKey(HERE, image.sha256, len(content))
        Ingest(database, rows_a_page=3).record(Batch((part,), stored=(key,)))
        made.append(part)
    return made


def in_days(number: float) -> datetime:
    return utc_now() + timedelta(days=number)


def flaws(database: Database, store: EvidenceStore) -> list[Found]:
    return list(verify(database, store, lambda _done, _total: None))


def count(database: Database, table: type[Table]) -> int:
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def tallied(database: Database) -> tuple[Tally, dict[str, int]]:
    span = (utc_now() - timedelta(days=1), utc_now() + timedelta(days=1))
    found = cells(database, *span, EVERY_STATION, 60)
    return sum(found.values(), Tally()), failed_by_class(database, *span, EVERY_STATION)


def test_old_rows_go_with_all_that_belongs_to_them_and_their_counts_stay(
    database: Database, store: EvidenceStore, make_inspection: MakeInspection
) -> None:
    made = recorded(database, store, make_inspection, range(1, 9))
    before = tallied(database)
    retain(database, store, ROWS, in_days(29))
    assert count(database, InspectionRow) == 8
    retain(database, store, ROWS, in_days(31))  # two pages are closed, two parts on an open one
    assert count(database, InspectionRow) == count(database, SequenceRow) == 2
    assert count(database, EvidenceReferenceRow) == count(database, EvidenceRow) == 2
    assert (count(database, FindingRow), count(database, PageLineRow)) == (1, 2)
    assert set(store.digests()) == {part.evidence[0].sha256 for part in made[6:]}
    assert flaws(database, store) == []
    assert tallied(database) == before
    assert rebuild(database).wrong == 0
    assert tallied(database) == before
    (boot,) = boots(database, HERE) or ()
    assert (boot.rows_through, boot.evidence_through, boot.holes) == (8, 8, ())
    said = entries(database, AuditFilters(kinds=[Kind.ROWS_REMOVED]), 10)
    assert [(entry.about, entry.detail["rows"], entry.detail["left"]) for entry in said] == [
        ("page 2", 3, 0),
        ("page 1", 3, 0),
    ]


def test_a_removed_row_that_comes_again_is_not_recorded_again(
    database: Database, store: EvidenceStore, make_inspection: MakeInspection
) -> None:
    made = recorded(database, store, make_inspection, range(1, 7))
    before = tallied(database)
    retain(database, store, ROWS, in_days(31))
    again = Ingest(database).record(Batch((*made, make_inspection(7, verdict=Verdict.REVIEW))))
    assert ([item.sequence for item in again.new], again.refused) == ([7], ())
    assert tallied(database)[0] == before[0] + Tally(review=1, first_inspected=1)
    assert flaws(database, store) == []


def test_what_is_held_stays_with_its_picture_until_it_is_released(
    database: Database, store: EvidenceStore, make_inspection: MakeInspection
) -> None:
    made = recorded(database, store, make_inspection, range(1, 7))
    held = set_hold(database, made[1].id, "complaint\n17", "li@qa")
    assert held is not None and (held.who, held.reason) == ("li@qa", "complaint 17")
    assert set_hold(database, made[1].id, "another", "wang") == held
    assert hold_part(database, str(made[1].id), "another", "wang") == PartHeld((), (held,))
    assert set_hold(database, new_id(), "nothing", "li") is None
    assert holds(database) == (Hold(made[1].id, held.at, "li@qa", "complaint 17"),)
    everything = RetentionSettings(rows_days=30, evidence_days=30, evidence_max_mb=1)
    for _ in range(2):
        retain(database, store, everything, in_days(31))
        assert count(database, InspectionRow) == 1
        assert set(store.digests()) == {made[1].evidence[0].sha256}
        assert flaws(database, store) == []
    assert lift_hold(database, made[1].id, "li@qa") and not lift_hold(database, made[1].id, "li")
    retain(database, store, everything, in_days(31))
    assert count(database, InspectionRow) == count(database, PageRow) == 0
    assert list(store.digests()) == []
    assert flaws(database, store) == []
    kinds = [entry.what for entry in entries(database, AuditFilters(about=str(made[1].id)), 10)]
    assert kinds == [Kind.HOLD_LIFTED, Kind.HOLD_SET]


def test_a_hold_lifted_behind_the_product_is_found(
    database: Database, store: EvidenceStore, make_inspection: MakeInspection
) -> None:
    (part,) = recorded(database, store, make_inspection, range(1, 2))
    set_hold(database, part.id, "complaint", "li")
    with database.write() as connection:
        connection.execute(delete(HoldRow))
    assert flaws(database, store) == [Found(Flaw.HOLD, str(part.id))]


def test_old_images_go_and_their_records_stay(
    database: Database, store: EvidenceStore, make_inspection: MakeInspection
) -> None:
    made = recorded(database, store, make_inspection, range(1, 4))
    set_hold(database, made[0].id, "complaint", "li")
    retain(database, store, IMAGES, in_days(29))
    assert len(list(store.digests())) == 3
    retain(database, store, IMAGES, in_days(31))
    assert set(store.digests()) == {made[0].evidence[0].sha256}
    assert count(database, InspectionRow) == 3
    assert flaws(database, store) == []
    (entry,) = entries(database, AuditFilters(kinds=[Kind.IMAGES_REMOVED]), 10)
    gone = [part.evidence[0].sha256 for part in made[1:]]
    assert entry.detail["images"] == sorted(gone)
    (boot,) = boots(database, HERE) or ()
    assert boot.evidence_through == 3


def test_space_is_made_of_passed_parts_first(
    database: Database, store: EvidenceStore, make_inspection: MakeInspection
) -> None:
    made = recorded(database, store, make_inspection, range(1, 7))
    with database.write() as connection:  # as it was before sizes were noted
        connection.execute(update(EvidenceRow).values(size_bytes=None))
    retain(database, store, RetentionSettings(evidence_max_mb=2), utc_now())
    left = {part.evidence[0].sha256 for part in (made[0], made[2], made[4])}
    assert set(store.digests()) == left
    retain(database, store, RetentionSettings(evidence_max_mb=1), utc_now())
    assert set(store.digests()) == {made[4].evidence[0].sha256}
    assert flaws(database, store) == []


def test_an_image_that_comes_again_is_there_again(
    database: Database, store: EvidenceStore, make_inspection: MakeInspection
) -> None:
    (part,) = recorded(database, store, make_inspection, range(1, 2))
    retain(database, store, IMAGES, in_days(31))
    store.write(part.evidence[0].sha256, picture(1))
    key = EvidenceKey(HERE, part.evidence[0].sha256, 500_003)
    Ingest(database).record(Batch(stored=(key,)))
    assert flaws(database, store) == []


def test_a_page_that_was_tampered_with_is_left_alone(
    database: Database, store: EvidenceStore, make_inspection: MakeInspection
) -> None:
    made = recorded(database, store, make_inspection, range(1, 7))
    with database.write() as connection:
        lie = made[0].model_copy(update={"part_id": "x"}).model_dump_json()
        changed = update(InspectionRow).where(InspectionRow.id == made[0].id)
        connection.execute(changed.values(document=lie, part_id="x"))
    retain(database, store, ROWS, in_days(31))
    assert count(database, InspectionRow) == 3
    assert [found.what for found in flaws(database, store)] == [str(made[0].id)]


def test_recording_and_retention_do_not_stand_in_each_others_way(
    database: Database, store: EvidenceStore, make_inspection: MakeInspection
) -> None:
    made = [make_inspection(number, verdict=Verdict.FAIL) for number in range(1, 21)]
    recording = Event()

    def cut() -> None:
        while not recording.is_set():
            retain(database, store, ROWS, in_days(31))

    with ThreadPoolExecutor(1) as pool:
        cutting = pool.submit(cut)
        try:
            for part in made:  # of one boot, which is still running
                Ingest(database, rows_a_page=2).record(Batch((part,)))
        finally:
            recording.set()
        cutting.result()
    retain(database, store, ROWS, in_days(31))
    assert flaws(database, store) == []
    assert count(database, InspectionRow) == 0
    assert tallied(database)[0] == Tally(failed=20, first_inspected=20)


def test_rows_behind_a_hole_stay_until_it_is_filled(
    database: Database, store: EvidenceStore, make_inspection: MakeInspection
) -> None:
    recorded(database, store, make_inspection, range(2, 5))
    retain(database, store, ROWS, in_days(31))
    assert count(database, InspectionRow) == 3
    recorded(database, store, make_inspection, range(1, 2))
    with database.write() as connection:
        seal_open_pages(connection)
    retain(database, store, ROWS, in_days(31))
    assert count(database, InspectionRow) == 0
    assert flaws(database, store) == []


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    serials=st.lists(st.sampled_from([None, "A", "B"]), min_size=1, max_size=10),
    held=st.sets(st.integers(0, 9), max_size=3),
    more=st.lists(st.sampled_from([None, "A", "B"]), max_size=4),
)
def test_records_are_whole_and_counts_true_however_retention_cuts(
    database: Database,
    store: EvidenceStore,
    make_inspection: MakeInspection,
    serials: list[str | None],
    held: set[int],
    more: list[str | None],
) -> None:
    boot = new_id()

    def parts(names: list[str | None], first: int) -> tuple[Inspection, ...]:
        return tuple(
            make_inspection(
                number,
                boot=boot,
                context=PartContext(serial=name and f"{name} {boot}"),
                verdict=Verdict.FAIL if number % 2 else Verdict.REVIEW,
                findings=(DENT,) if number % 2 else (),
            )
            for number, name in enumerate(names, first)
        )

    before = tallied(database)[0]
    made = parts(serials, 1)
    late = parts(more, len(serials) + 1)
    Ingest(database, rows_a_page=3).record(Batch(made))
    for number in held:
        if number < len(made):
            set_hold(database, made[number].id, "held", "li")
    retain(database, store, ROWS, in_days(31))
    assert flaws(database, store) == []
    Ingest(database, rows_a_page=3).record(Batch((*late, *made)))
    for part in made:
        lift_hold(database, part.id, "li")
    retain(database, store, ROWS, in_days(31))
    assert flaws(database, store) == []
    assert tallied(database)[0].inspected == before.inspected + len(serials) + len(more)
