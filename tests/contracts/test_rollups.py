"""The counts that are kept equal what the records say, however these arrived."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update

from edgeinspect.core.finding import Finding
from edgeinspect.core.identity import new_id
from edgeinspect.core.inspection import Inspection
from edgeinspect.core.part import PartContext
from edgeinspect.core.reason import Reason, ReasonCode
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.verdict import Purpose, Verdict
from edgeinspect.quality.rates import Tally
from edgeinspect.records.batch import Batch
from edgeinspect.records.database import Database
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.queries.counts import cells, failed_by_class
from edgeinspect.records.queries.scope import EVERY_STATION
from edgeinspect.records.rollups.rebuild import rebuild, wrong_counts
from edgeinspect.records.tables import ClassCountRow, CountRow, InspectionRow

MakeInspection = Callable[..., Inspection]
MOMENTS = st.integers(0, 1200_000_000) | st.integers(1, 20).map(lambda n: n * 60_000_000 - 400)
"""Microseconds; some so near to the next minute that rounding would move them there."""
START = datetime(2026, 3, 1, 23, 50, tzinfo=UTC)
INTERRUPTED = (Reason(code=ReasonCode.STATION_INTERRUPTED, text="stopped"),)
SHORT = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def sightings(draw: st.DrawFn) -> dict[str, object]:
    """Fields of an inspection at one of few seats, of one of few parts, within 20 minutes."""
    guess = draw(st.booleans())
    serial = draw(st.sampled_from([None, "A", "B"]))
    names = [] if guess else draw(st.lists(st.sampled_from(["dent", "划痕"]), max_size=3))
    found = [{"class": name, "score": 0.5, "box_px": (0, 0, 1, 1)} for name in names]
    return {
        "sequence": draw(st.integers(1, 6)),
        "line": draw(st.sampled_from(["line-1", "line-2"])),
        "captured_at": START + timedelta(microseconds=draw(MOMENTS)),
        "purpose": draw(st.sampled_from([Purpose.PRODUCTION, Purpose.PRODUCTION, Purpose.GOLDEN])),
        "context": PartContext(serial=serial),
        "recipe": draw(st.sampled_from([None, Recipe().ref])),
        "findings": tuple(map(Finding.model_validate, found)),
        "verdict": Verdict.REVIEW if guess else draw(st.sampled_from(["fail", "review"])),
        "reasons": INTERRUPTED if guess else (),
    }


@SHORT
@given(
    seen=st.lists(sightings(), min_size=1, max_size=12),
    order=st.lists(st.lists(st.integers(0, 11), min_size=1, max_size=6), max_size=8),
)
def test_counts_equal_the_records_in_any_order_of_arrival(
    database: Database,
    make_inspection: MakeInspection,
    seen: list[dict[str, object]],
    order: list[list[int]],
) -> None:
    boot = new_id()
    made = [make_inspection(boot=boot, id=new_id(), **fields) for fields in seen]
    for batch in order:
        some = tuple(made[number % len(made)] for number in batch)
        Ingest(database).record(Batch(some))
        with database.read() as connection:
            assert wrong_counts(connection) == 0


@SHORT
@given(
    seconds=st.lists(st.integers(0, 200_000), min_size=1, max_size=12),
    since=st.integers(-10, 200_000),
    length=st.integers(1, 200_000),
    cell_s=st.sampled_from([60, 900, 3600, 86_400]),
)
def test_any_span_reads_as_its_rows(
    database: Database,
    make_inspection: MakeInspection,
    seconds: list[int],
    since: int,
    length: int,
    cell_s: int,
) -> None:
    origin = START + timedelta(days=3 * new_id().int % 30_000)  # each example has days of its own
    moments = [origin + timedelta(seconds=second) for second in seconds]
    dent = Finding.model_validate({"class": "dent", "score": 0.5, "box_px": (0, 0, 1, 1)})
    boot: UUID = new_id()
    made = [
        make_inspection(
            number, boot=boot, captured_at=moment, verdict=Verdict.FAIL, findings=(dent,)
        )
        for number, moment in enumerate(moments, 1)
    ]
    Ingest(database).record(Batch(tuple(made)))
    first = origin + timedelta(seconds=since)
    span = (first, first + timedelta(seconds=length))
    with database.read() as connection:
        row = InspectionRow
        inside = select(func.count()).where(row.captured_at >= span[0], row.captured_at < span[1])
        truth = connection.execute(inside).scalar_one()
    found = cells(database, *span, EVERY_STATION, cell_s)
    assert sum(found.values(), Tally()) == Tally(failed=truth, first_inspected=truth)
    assert all(moment.timestamp() % cell_s == 0 for moment in found)
    assert failed_by_class(database, *span, EVERY_STATION) == ({"dent": truth} if truth else {})


@pytest.mark.parametrize("table", [CountRow, ClassCountRow])
def test_a_rebuild_finds_and_mends_what_was_changed(
    database: Database,
    make_inspection: MakeInspection,
    table: type[CountRow] | type[ClassCountRow],
) -> None:
    dent = Finding.model_validate({"class": "dent", "score": 0.5, "box_px": (0, 0, 1, 1)})
    Ingest(database).record(Batch((make_inspection(findings=(dent,)),)))
    assert rebuild(database).wrong == 0
    with database.write() as connection:
        connection.execute(update(table).where(table.level_s == 60).values(parts=7))
        connection.execute(delete(table).where(table.level_s == 3600))
    # The minute is wrong, the hour is missing, and neither quarter nor day fits the minute.
    assert rebuild(database).wrong == 4
    assert rebuild(database).wrong == 0


def test_a_year_is_read_from_the_counts(
    database: Database, make_inspection: MakeInspection
) -> None:
    made = [make_inspection(number, captured_at=START) for number in (1, 2)]
    Ingest(database).record(Batch(tuple(made)))
    with database.write() as connection:
        connection.execute(text("DELETE FROM inspections"))  # whoever reads rows finds none
    year = (START - timedelta(days=300), START + timedelta(days=65))
    assert cells(database, *year, EVERY_STATION, 900) == {
        START - timedelta(minutes=5): Tally(review=2, first_inspected=2)
    }
