"""A database of every earlier revision, with data in it, becomes one of today and loses nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, func, make_url, select, text

from edgeinspect.core.finding import Finding
from edgeinspect.core.inspection import Inspection
from edgeinspect.core.part import PartContext
from edgeinspect.core.verdict import Purpose, Verdict
from edgeinspect.records.batch import Batch
from edgeinspect.records.database import DRIVERS, open_database
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.migrate import MIGRATIONS
from edgeinspect.records.queries.inspections import Filters, page
from edgeinspect.records.rollups.rebuild import wrong_counts
from edgeinspect.records.tables import Table

MakeInspection = Callable[..., Inspection]
CONFIG = Config()
CONFIG.set_main_option("script_location", str(MIGRATIONS))
REVISIONS = [step.revision for step in ScriptDirectory.from_config(CONFIG).walk_revisions()]
START = datetime(2026, 3, 1, 23, 59, 30, 123456, tzinfo=UTC)
KEPT = ("meta", "stations", "boots", "sequences", "inspections", "findings", "quarantine")


def _parts(make_inspection: MakeInspection) -> list[Inspection]:
    scratch = Finding.model_validate({"class": "划痕", "score": 0.5, "box_px": (0, 0, 1, 1)})
    return [
        make_inspection(
            number,
            captured_at=START + timedelta(seconds=20 * number),
            context=PartContext(serial=f"S{number // 2}"),
            purpose=Purpose.GOLDEN if number == 5 else Purpose.PRODUCTION,
            verdict=Verdict.FAIL if number % 2 else Verdict.REVIEW,
            findings=(scratch, scratch) if number % 2 else (),
            **({"recipe": None} if number == 4 else {}),
        )
        for number in range(1, 8)
    ]


def _copy(source: Connection, target: Connection) -> None:
    """Copy every row that `target`, which has an earlier schema, has a place for."""
    earlier, today = MetaData(), MetaData()
    earlier.reflect(target)
    today.reflect(source)
    for table in earlier.sorted_tables:
        if table.name == "alembic_version":
            continue
        columns = [today.tables[table.name].c[column.name] for column in table.c]
        if rows := source.execute(select(*columns)).mappings().all():
            target.execute(table.insert(), [dict(row) for row in rows])


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_is_brought_up_with_its_data(
    database_url: str,
    request: pytest.FixtureRequest,
    make_inspection: MakeInspection,
    revision: str,
) -> None:
    made = _parts(make_inspection)
    today = open_database(database_url)
    Ingest(today).record(Batch(tuple(made)))
    today.close()
    url = make_url(database_url)
    url = url.set(drivername=DRIVERS[url.get_backend_name()])
    old = _another(request, database_url)
    engines = create_engine(url), create_engine(old)
    with engines[0].connect() as source, engines[1].begin() as target:
        CONFIG.attributes["connection"] = target
        command.upgrade(CONFIG, revision)
        _copy(source, target)
        counts = {name: source.scalar(text(f"SELECT count(*) FROM {name}")) for name in KEPT}
    for engine in engines:
        engine.dispose()

    migrated = open_database(old)
    with migrated.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
        assert {
            name: connection.scalar(select(func.count()).select_from(Table.metadata.tables[name]))
            for name in KEPT
        } == counts
        assert wrong_counts(connection) == 0
    assert migrated.epoch == today.epoch
    assert page(migrated, Filters(), 50).items == tuple(reversed(made))
    again = Ingest(migrated).record(Batch(tuple(made)))
    migrated.close()
    assert (again.new, again.refused) == ((), ())


def _another(request: pytest.FixtureRequest, like: str) -> str:
    """Return the address of another empty database of the same kind."""
    if like.startswith("sqlite"):
        return like.replace("sqlite:", "sqlite+pysqlite:").replace(".sqlite3", "-old.sqlite3")
    url = make_url(request.getfixturevalue("postgres").new_database())
    return url.set(drivername=DRIVERS["postgresql"]).render_as_string(hide_password=False)
