"""The audit log is one chain whoever writes, and what is changed behind it is found."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, and_, delete, func, select, text, update
from sqlalchemy.exc import IntegrityError

from edgeinspect.core.audit import AuditHead
from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.finding import Finding
from edgeinspect.core.identity import digest, new_id
from edgeinspect.core.inspection import Evidence, Inspection, ModelRef
from edgeinspect.core.part import PartContext
from edgeinspect.core.reason import Reason, ReasonCode
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.verdict import Verdict
from edgeinspect.records.audit.chain import append
from edgeinspect.records.audit.entry import BEFORE_THE_FIRST, Entry, Kind
from edgeinspect.records.audit.pages import seal_open_pages
from edgeinspect.records.audit.tables import (
    AuditHeadRow,
    AuditRow,
    PageLineRow,
    PageRow,
)
from edgeinspect.records.batch import Announcement, Batch
from edgeinspect.records.checks.flaws import Flaw, Found
from edgeinspect.records.database import Database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.moment import UtcDateTime
from edgeinspect.records.retention.holds import set_hold
from edgeinspect.records.retention.rows import remove_rows
from edgeinspect.records.retention.tables import CarriedClassCountRow, CarriedCountRow, HoldRow
from edgeinspect.records.tables import (
    ClassCountRow,
    CountRow,
    EvidenceReferenceRow,
    FindingRow,
    InspectionRow,
    SequenceRow,
)
from edgeinspect.records.tables import Table as Base
from edgeinspect.records.verify import flaws_of_records

MakeInspection = Callable[..., Inspection]
GUESS = (Reason(code=ReasonCode.STATION_INTERRUPTED, text="stopped"),)
DENT = Finding.model_validate({"class": "dent", "score": 0.5, "box_px": (0, 0, 1, 1)})
SCRATCH = Finding.model_validate({"class": "划痕", "score": 0.75, "box_px": (0, 0, 1, 1)})
BOUND: tuple[type[Base], ...] = (
    InspectionRow, FindingRow, EvidenceReferenceRow, SequenceRow, CountRow, ClassCountRow,
    PageRow, PageLineRow, AuditRow, AuditHeadRow,
)  # fmt: skip

CARRIED: tuple[type[Base], ...] = (CarriedCountRow, CarriedClassCountRow)
SECOND_LINE = (PageLineRow.page_id == 1, PageLineRow.position == 2)


def searched(test: Any) -> Any:
    """Let a search take its time on a busy machine."""
    some = settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.filter_too_much,
            HealthCheck.too_slow,
        ],
    )
    return pytest.mark.timeout(600)(some(test))


@pytest.fixture
def filled(database: Database, make_inspection: MakeInspection) -> Database:
    """Two sealed pages and an open one: parts with findings, an image, a guess that gave way."""
    image = Evidence(sha256=digest(b"x"), width=1, height=1, bytes=1)
    made = [
        make_inspection(
            number,
            context=PartContext(serial=f"S{number // 2}"),
            verdict=Verdict.FAIL if number % 2 else Verdict.REVIEW,
            findings=(DENT, SCRATCH, DENT) if number % 2 else (),
            evidence=(image,) if number == 7 else (),
        )
        for number in range(1, 8)
    ]
    ingest = Ingest(database, rows_a_page=3)
    ingest.record(Batch((make_inspection(1, reasons=GUESS), *made[1:3])))
    ingest.record(Batch((made[0],)))
    ingest.record(Batch(tuple(made[3:])))
    return database


@pytest.fixture
def cut(filled: Database, tmp_path: Path) -> Database:
    """The same after retention: an inspection is held on a page of which the rest is gone."""
    with filled.read() as connection:
        second = connection.scalar(select(PageLineRow.inspection_id).where(*SECOND_LINE))
    assert second is not None and set_hold(filled, second, "complaint", "li") is not None
    assert remove_rows(filled, EvidenceStore(tmp_path), utc_now() + timedelta(days=1)) == 4
    return filled


def flaws(database: Database, kept: AuditHead | str | None = None) -> list[Found]:
    with database.read() as connection:
        return list(flaws_of_records(connection, lambda _done, _total: None, kept))


def entries(database: Database) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(select(AuditRow).order_by(AuditRow.number)).all())


@contextmanager
def undone(database: Database) -> Iterator[Connection]:
    """Give a connection whose changes break any rule, and are taken back at the end."""
    lax = {
        "sqlite": "PRAGMA defer_foreign_keys = ON",
        "postgresql": "SET LOCAL session_replication_role = replica",
    }
    with database.read() as connection:
        connection.execute(text(lax[connection.dialect.name]))
        yield connection
        connection.rollback()


def test_what_nobody_touched_has_no_flaw(filled: Database) -> None:
    assert flaws(filled) == []
    kinds = [entry.what for entry in entries(filled)]
    assert kinds == [Kind.PAGE_CLOSED, Kind.GUESS_REPLACED, Kind.PAGE_CLOSED]
    with filled.write() as connection:
        seal_open_pages(connection)
        seal_open_pages(connection)
    assert flaws(filled) == []
    assert len(entries(filled)) == 4
    with filled.read() as connection:
        assert list(connection.execute(select(PageRow.rows)).scalars()) == [3, 3, 2]


def _another(value: Any, column: Any) -> Any:
    """Return a value of the column's type that differs from `value`."""
    kind = column.type.python_type
    if kind is UUID:
        return new_id()
    if isinstance(column.type, UtcDateTime):
        return (value or datetime(2026, 3, 1, tzinfo=UTC)) + timedelta(microseconds=1)
    if kind is str:
        return f"{value or ''}x"
    return (value or 0) + 1


def _change_anything(
    connection: Connection, data: st.DataObject, tables: tuple[type[Base], ...]
) -> None:
    names = [each.__tablename__ for each in tables]
    table = Base.metadata.tables[data.draw(st.sampled_from(names))]
    row = data.draw(st.sampled_from(connection.execute(select(table)).all()))
    column = data.draw(st.sampled_from([None, *table.c]), label="column; None removes the row")
    same = and_(*(each == getattr(row, each.name) for each in table.primary_key))
    if column is None:
        connection.execute(delete(table).where(same))
        return
    changed = {column.name: _another(getattr(row, column.name), column)}
    try:
        connection.execute(update(table).where(same).values(changed))
    except IntegrityError:
        assume(False)


@searched
@given(data=st.data())
def test_any_single_edit_or_removal_is_found(filled: Database, data: st.DataObject) -> None:
    with undone(filled) as connection:
        _change_anything(connection, data, BOUND)
        assert list(flaws_of_records(connection, lambda _done, _total: None))


@searched
@given(data=st.data())
def test_any_single_edit_or_removal_is_found_after_retention(
    cut: Database, data: st.DataObject
) -> None:
    with undone(cut) as connection:
        assert list(flaws_of_records(connection, lambda _done, _total: None)) == []
        _change_anything(connection, data, (*CARRIED, HoldRow, *BOUND))
        assert list(flaws_of_records(connection, lambda _done, _total: None))


def test_a_document_edited_with_all_its_columns_is_named(filled: Database) -> None:
    with filled.read() as connection:
        document = connection.execute(select(InspectionRow.document).limit(1)).scalar_one()
    lie = Inspection.model_validate_json(document)
    lie = lie.model_copy(update={"part_id": "another"})
    with undone(filled) as connection:
        same = update(InspectionRow).where(InspectionRow.id == lie.id)
        values = {"part_id": lie.part_id, "document": lie.model_dump_json()}
        connection.execute(same.values(values))
        found = list(flaws_of_records(connection, lambda _done, _total: None))
    assert found == [Found(Flaw.EDITED, str(lie.id))]


def test_a_log_cut_short_or_rewritten_is_told_by_a_head_kept_elsewhere(filled: Database) -> None:
    with filled.write() as connection:
        kept = append(connection, Kind.USER, "li", {"role": "qa"}, who="wang")
    assert flaws(filled, kept.sha256) == []
    assert flaws(filled, BEFORE_THE_FIRST) == []
    head = AuditHead(epoch=filled.epoch, number=kept.number, sha256=kept.sha256, at=kept.at)
    assert flaws(filled, head) == []
    unlike = head.model_copy(update={"number": 1})
    assert [found.flaw for found in flaws(filled, unlike)] == [Flaw.HEAD_UNKNOWN]
    with filled.write() as connection:
        connection.execute(delete(AuditRow).where(AuditRow.number == kept.number))
        connection.execute(
            update(AuditHeadRow).values(number=kept.number - 1, sha256=kept.previous)
        )
    assert flaws(filled) == []  # all that says otherwise is elsewhere
    assert [found.flaw for found in flaws(filled, head)] == [Flaw.HEAD_UNKNOWN]


def test_a_removal_cannot_hide_behind_a_guess_that_gave_way(filled: Database) -> None:
    replaced = select(AuditRow.about).where(AuditRow.what == Kind.GUESS_REPLACED)
    line = select(PageLineRow.inspection_id).where(*SECOND_LINE)
    with undone(filled) as connection:
        guess, gone = UUID(connection.execute(replaced).scalar_one()), connection.scalar(line)
        connection.execute(delete(InspectionRow).where(InspectionRow.id == gone))
        connection.execute(update(PageLineRow).where(*SECOND_LINE).values(inspection_id=guess))
        found = list(flaws_of_records(connection, lambda _done, _total: None))
    assert Found(Flaw.PAGE, "page 1") in found


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_entry_is_named(filled: Database, number: int) -> None:
    with undone(filled) as connection:
        connection.execute(delete(AuditRow).where(AuditRow.number == number))
        found = list(flaws_of_records(connection, lambda _done, _total: None))
    assert Found(Flaw.ENTRY_REMOVED, str(number)) in found


def test_many_writers_make_one_chain(database: Database, make_inspection: MakeInspection) -> None:
    def work(writer: int) -> None:
        ingest, boot = Ingest(database, rows_a_page=2), new_id()
        for number in range(1, 4):
            ingest.record(Batch((make_inspection(number, line=f"line-{writer}", boot=boot),)))
            with database.write() as connection:
                append(connection, Kind.RECIPE, f"recipe {writer}", {"number": number})

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    assert flaws(database) == []
    said = entries(database)
    assert [entry.number for entry in said] == list(range(1, len(said) + 1))
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(PageLineRow)) == 9


def test_the_log_says_what_a_station_judges_with_and_what_it_judged_with_before(
    database: Database, make_inspection: MakeInspection
) -> None:
    address, recipe = make_inspection(1).address, Recipe().ref
    model = ModelRef(name="washer", version=1, sha256="a" * 64, runtime="onnxruntime")
    other = model.model_copy(update={"version": 2, "sha256": "b" * 64})
    mode = partial(StationState, mode=StationMode.RUNNING, since=utc_now())
    states = (
        mode(),  # nothing is loaded yet
        mode(model=model, recipe=recipe),
        StationState(mode=StationMode.OFFLINE, since=utc_now()),
        mode(),
        mode(model=model, recipe=recipe),
        mode(model=other, recipe=recipe),
    )
    for state in states:
        Ingest(database).record(Batch(announcements=(Announcement(address, state),)))
    said = [(each.what, each.who, each.about) for each in entries(database)]
    station = str(address)
    assert said == [(what, station, station) for what in ("model", "recipe", "model")]
    details = [json.loads(each.detail) for each in entries(database)]
    first = {"name": "washer", "version": 1, "sha256": "a" * 64}
    assert details[0] == first
    assert details[2] == first | {"version": 2, "sha256": "b" * 64, "before": "a" * 64}
    assert flaws(database) == []


def test_the_form_of_an_entry_is_as_written_down(database: Database) -> None:
    """Whoever checks a chain without this program hashes these lines."""
    at = datetime(2026, 3, 1, 12, 0, 0, 42, tzinfo=UTC)
    entry = Entry(7, at, "李", "hold_set", "x", '{"reason":"因"}', "0" * 64)
    lines = (
        "edgeinspect.audit/1", "7", "2026-03-01T12:00:00.000042Z", "李", "hold_set", "x",
        '{"reason":"因"}', "0" * 64, "end",
    )  # fmt: skip
    assert entry.sha256 == digest("".join(f"{line}\n" for line in lines).encode())
    with database.write() as connection:
        kept = append(connection, Kind.USER, "a\nb\x00c", {"b": 1, "a": "因\n"}, who=" x\ty ")
    (row,) = entries(database)
    assert (row.who, row.about, row.detail) == ("x y", "a b c", '{"a":"因\\n","b":1}')
    assert (row.at, row.sha256, row.previous) == (kept.at, kept.sha256, BEFORE_THE_FIRST)
