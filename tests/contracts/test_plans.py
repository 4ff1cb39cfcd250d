"""No question reads a whole table: the plans of every database, over a made plant."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from benchmarks.records.fill import fill
from benchmarks.records.plant import END, STATIONS, serial_of
from edgeinspect.core.inspection import Inspection
from edgeinspect.core.part import PartContext
from edgeinspect.core.verdict import Verdict
from edgeinspect.records.batch import Batch
from edgeinspect.records.database import Database, open_database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.queries.counts import cells, failed_by_class
from edgeinspect.records.queries.inspections import Filters, of_part, one, page
from edgeinspect.records.queries.scope import EVERY_STATION, Scope
from edgeinspect.records.queries.stations import boots, stations
from edgeinspect.records.verify import verify

TOTAL = 24_000
HOUR = (END - timedelta(minutes=70.1), END - timedelta(minutes=10.1))
YEAR = (END - timedelta(days=364.9), END - timedelta(minutes=10.1))
STATION = Scope("site", "line-1", "station-11")
LONG_WAYS = re.compile(
    r"SCAN (inspections|findings|sequences|counts|class_counts)\b(?! USING INDEX \w+_captured)"
    r"|Seq Scan on (inspections|findings|sequences)\b"
    r"|SEARCH inspections_1 USING (COVERING )?INDEX (?!ix_inspections_serial)"
    r"|using (?!ix_inspections_serial)\w+ on inspections inspections_1"
    r"|SEARCH sequences USING PRIMARY KEY \(boot_id=\?\)"
    r"|ix_inspections_station \(station_id=\?\)\n(.*\n)*.*TEMP B-TREE FOR ORDER BY"
)
"""Plans that read a table, or all that a station saw. Pages may walk down the index of the time."""
QUESTIONS: dict[str, Callable[[Database], Any]] = {
    "trace": lambda db: of_part(db, serial_of(4321)),
    "trace of what was given an id": lambda db: of_part(db, "no serial"),
    "trace of what never was": lambda db: of_part(db, "no such part"),
    "rate of an hour": lambda db: cells(db, *HOUR, EVERY_STATION, 60),
    "rate of an hour at a station": lambda db: cells(db, *HOUR, STATION, 60),
    "Pareto of a year": lambda db: failed_by_class(db, *YEAR, EVERY_STATION),
    "Pareto of a year at a station": lambda db: failed_by_class(db, *YEAR, STATION),
    "newest": lambda db: page(db, Filters(), 50),
    "further": lambda db: page(db, Filters(), 50, page(db, Filters(), 50).next_cursor),
    "failed": lambda db: page(db, Filters(verdict=Verdict.FAIL), 50),
    "of a line": lambda db: page(db, Filters(scope=Scope(line="line-1")), 50),
    "at a station": lambda db: page(db, Filters(scope=STATION), 50),
    "failed at a station": lambda db: page(db, Filters(scope=STATION, verdict=Verdict.FAIL), 50),
    "of a class": lambda db: page(db, Filters(class_name="burr"), 50),
    "of a class at a station": lambda db: page(db, Filters(scope=STATION, class_name="burr"), 50),
    "of a class that never was": lambda db: page(db, Filters(class_name="none"), 50),
    "of a serial": lambda db: page(db, Filters(serial=serial_of(4321)), 50),
    "of a lot": lambda db: page(db, Filters(lot="L-78"), 50),
    "one": lambda db: one(db, page(db, Filters(), 1).items[0].id),
    "stations": stations,
    "boots": lambda db: boots(db, STATIONS[0]),
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def plant(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database of each kind with the parts of a made plant."""
    place: str | Path = tmp_path_factory.mktemp("plant") / "records.sqlite3"
    if request.param == "postgresql":
        place = request.getfixturevalue("postgres").new_database()
    fill(place, TOTAL)
    database = open_database(place)
    yield database
    database.close()


def plans(database: Database, question: Callable[[Database], Any]) -> list[str]:
    """Return how the database goes about every statement of a question."""
    told: list[str] = []
    engine: Any = database._engine

    def explain(_connection: Any, cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        how = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
        if not statement.startswith("SELECT"):
            return
        other = cursor.connection.cursor()
        other.execute(how + statement, given)
        told.append("\n".join(str(row[-1]) for row in other.fetchall()) + "\n" + statement)
        other.close()

    event.listen(engine, "before_cursor_execute", explain)
    try:
        question(database)
    finally:
        event.remove(engine, "before_cursor_execute", explain)
    assert told
    return told


def test_the_made_plant_is_as_ingest_leaves_it(plant: Database, tmp_path: Path) -> None:
    evidence = EvidenceStore(tmp_path)
    assert list(verify(plant, evidence, lambda _done, _total: None)) == []
    assert all(each.holes == 0 for each in stations(plant))
    assert sum(each.inspected for each in stations(plant)) == TOTAL


def test_no_question_reads_more_than_it_must(plant: Database) -> None:
    """Every question but those for a purpose that hardly any part has."""
    long = {
        f"{name}: {found[0]}": plan
        for name, question in QUESTIONS.items()
        for plan in plans(plant, question)
        if (found := LONG_WAYS.search(plan.split("\nSELECT")[0]))
    }
    assert long == {}


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name.startswith("trace")])
def test_a_part_is_traced_by_the_index_of_each_name(plant: Database, name: str) -> None:
    (plan,) = plans(plant, QUESTIONS[name])
    assert "ix_inspections_serial" in plan
    assert "ix_inspections_part" in plan


def test_a_part_is_recorded_without_looking_through_its_station(
    plant: Database, make_inspection: Callable[..., Inspection]
) -> None:
    known = make_inspection(1, **STATIONS[0].model_dump(), context=PartContext(serial=serial_of(0)))
    other = make_inspection(2, **STATIONS[0].model_dump(), context=PartContext(serial="another"))
    for plan in plans(plant, lambda db: Ingest(db).record(Batch((known, other)))):
        assert LONG_WAYS.search(plan.split("\nSELECT")[0]) is None, plan
