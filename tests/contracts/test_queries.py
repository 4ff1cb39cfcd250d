"""Every question the API asks, on every database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from edgeinspect.core.finding import Finding
from edgeinspect.core.inspection import Inspection
from edgeinspect.core.part import PartContext
from edgeinspect.core.verdict import Purpose, Verdict
from edgeinspect.quality.rates import Tally
from edgeinspect.records.batch import Batch
from edgeinspect.records.database import Database
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.queries.counts import cells, failed_by_class
from edgeinspect.records.queries.inspections import Filters, of_part, page, parse_cursor
from edgeinspect.records.queries.scope import EVERY_STATION, Scope
from edgeinspect.records.queries.stations import stations

MakeInspection = Callable[..., Inspection]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = (NOON - timedelta(hours=12), NOON + timedelta(hours=12))


def finding(name: str) -> Finding:
    return Finding.model_validate({"class": name, "score": 0.5, "box_px": (0, 0, 2, 2)})


@pytest.fixture
def parts(database: Database, make_inspection: MakeInspection) -> list[Inspection]:
    """Nine recorded parts, 20 s apart, of two stations; every third has failed."""
    other = uuid4()
    made = [
        make_inspection(
            number,
            captured_at=NOON + timedelta(seconds=20 * number - 0.001),
            verdict=Verdict.REVIEW if number % 3 else Verdict.FAIL,
            findings=(finding("dent"), finding("dent"), finding(f"chip-{number}")),
            context=PartContext(serial=f"S{number // 2}", lot="L" if number < 4 else None),
            purpose=Purpose.GOLDEN if number == 9 else Purpose.PRODUCTION,
            **({"boot": other, "line": "line-2"} if number > 6 else {}),
        )
        for number in range(1, 10)
    ]
    Ingest(database).record(Batch(tuple(made)))
    return made


def test_pages_are_newest_first_and_resume_behind_the_cursor(
    database: Database, parts: list[Inspection]
) -> None:
    first = page(database, Filters(), 4)
    assert first.items == tuple(parts[:4:-1])
    assert first.next_cursor is not None
    cursor = parse_cursor(str(first.next_cursor))
    assert cursor == first.next_cursor
    second = page(database, Filters(), 9, cursor)
    assert second.items == tuple(parts[4::-1])
    assert second.next_cursor is None


def test_parts_of_one_moment_are_paged_by_id(
    database: Database, make_inspection: MakeInspection
) -> None:
    made = [make_inspection(number, captured_at=NOON) for number in range(1, 6)]
    Ingest(database).record(Batch(tuple(made)))
    seen: list[Inspection] = []
    cursor = None
    while len(seen) < len(made):
        found = page(database, Filters(), 2, cursor)
        seen += found.items
        cursor = found.next_cursor
    assert cursor is None
    assert seen == sorted(made, key=lambda item: item.id, reverse=True)


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (Filters(since=NOON + timedelta(seconds=120)), [9, 8, 7]),
        (Filters(until=NOON + timedelta(seconds=40)), [2, 1]),
        (Filters(scope=Scope(line="line-2")), [9, 8, 7]),
        (Filters(scope=Scope(site="elsewhere")), []),
        (Filters(verdict=Verdict.FAIL), [9, 6, 3]),
        (Filters(purpose=Purpose.GOLDEN), [9]),
        (Filters(class_name="dent", lot="L"), [3, 2, 1]),
        (Filters(class_name="chip-5"), [5]),
        (Filters(serial="S2"), [5, 4]),
    ],
)
def test_filters_find_what_they_name(
    database: Database, parts: list[Inspection], filters: Filters, numbers: list[int]
) -> None:
    assert page(database, filters, 50).items == tuple(parts[number - 1] for number in numbers)


def test_a_part_is_traced_oldest_first(database: Database, parts: list[Inspection]) -> None:
    assert of_part(database, "S3") == (parts[5], parts[6])
    assert of_part(database, "s3") == ()


def test_cells_count_production_and_every_part_once(
    database: Database, parts: list[Inspection]
) -> None:
    assert len(parts) == 9
    # S1 is parts 2 and 3, S2 is 4 and 5; S3 is 6 and 7, but these were at two stations.
    assert cells(database, *DAY, EVERY_STATION, 60) == {
        NOON: Tally(failed=1, review=2, first_inspected=2),
        NOON + timedelta(minutes=1): Tally(failed=1, review=2, first_inspected=2),
        NOON + timedelta(minutes=2): Tally(review=2, first_inspected=2),
    }
    first_minute = (NOON, NOON + timedelta(seconds=60))
    assert cells(database, *first_minute, EVERY_STATION, 900) == {
        NOON: Tally(failed=1, review=2, first_inspected=2)
    }
    assert cells(database, *DAY, Scope(line="line-3"), 60) == {}


def test_classes_are_counted_once_a_failed_part(
    database: Database, parts: list[Inspection]
) -> None:
    assert len(parts) == 9
    assert failed_by_class(database, *DAY, EVERY_STATION) == {"dent": 2, "chip-3": 1, "chip-6": 1}


def test_stations_are_summed_over_their_boots(database: Database, parts: list[Inspection]) -> None:
    one, two = stations(database)
    assert (one.inspected, one.holes, one.last_inspection_at) == (6, 0, parts[5].captured_at)
    assert (two.inspected, two.holes, two.last_inspection_at) == (9, 6, parts[8].captured_at)
    assert stations(database, Scope(line="line-2")) == (two,)
