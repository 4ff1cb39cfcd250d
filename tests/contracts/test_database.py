"""What every database must do for the records."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres import PostgresServer
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from edgeinspect.core.errors import RecordsError
from edgeinspect.core.identity import new_id
from edgeinspect.core.inspection import Inspection
from edgeinspect.records.batch import Batch
from edgeinspect.records.database import Database, open_database, sentence
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.queries.inspections import one
from edgeinspect.records.tables import MetaRow, StationRow, Table


def test_the_migrations_make_what_the_tables_say(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == "0007"
        assert compare_metadata(context, Table.metadata) == []


def test_who_knows_a_database_knows_every_table() -> None:
    """A backup copies the tables that are known."""
    asking = (
        "from edgeinspect.records.database import Database; "
        "from edgeinspect.records.tables import Table; print(*Table.metadata.tables)"
    )
    done = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True)
    assert set(done.stdout.split()) == set(Table.metadata.tables)


def test_opening_again_keeps_the_epoch_and_the_rows(
    database_url: str, make_inspection: Callable[..., Inspection]
) -> None:
    first = open_database(database_url)
    inspection = make_inspection()
    Ingest(first).record(Batch((inspection,)))
    first.close()
    again = open_database(database_url)
    kept = one(again, inspection.id)
    again.close()
    assert again.epoch == first.epoch
    assert kept is not None and kept.inspection == inspection


def test_two_servers_may_open_a_new_database_together(database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        databases = list(pool.map(open_database, [database_url] * 4))
    for opened in databases:
        opened.close()
    assert len({opened.epoch for opened in databases}) == 1


def test_another_database_has_another_epoch(database: Database, tmp_path: Path) -> None:
    other = open_database(tmp_path / "made" / "other.sqlite3")
    other.close()
    assert other.epoch != database.epoch


@pytest.mark.parametrize("name", ["what?", "no#1", "100%41", "a?uri=true&mode=memory", "线 1"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / "records.sqlite3"
    open_database(path).close()
    assert path.is_file()
    assert [folder.name for folder in tmp_path.iterdir()] == [name]


def test_a_newer_schema_is_refused(database_url: str) -> None:
    database = open_database(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(RecordsError, match="schema 9999 was written by a newer EdgeInspect"):
        open_database(database_url)


def test_an_error_is_one_sentence(database: Database) -> None:
    with pytest.raises(DBAPIError) as caught, database.read() as connection:
        connection.execute(text("SELECT * FROM nowhere"))
    for error in (caught.value, InvalidRequestError("no\nconnection", code="e3q8")):
        said = sentence(error)
        assert "\n" not in said and "Background" not in said and "SELECT" not in said
    assert "nowhere" in sentence(caught.value)


def test_a_failed_write_leaves_nothing(database: Database) -> None:
    station = {"site": "a", "line": "b", "station": "c"}
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        connection.execute(insert(StationRow).values(station))
        raise ZeroDivisionError
    with database.read() as connection:
        assert connection.execute(select(StationRow)).all() == []


def test_moments_and_ids_come_back_as_they_went_in(database: Database) -> None:
    epoch = new_id()
    moment = datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with database.write() as connection:
        connection.execute(update(MetaRow).values(epoch=epoch, created_at=moment))
    with database.read() as connection:
        row = connection.execute(select(MetaRow)).one()
    assert (row.epoch, row.created_at) == (epoch, moment)
    assert row.created_at.tzinfo is UTC


def test_sqlite_survives_the_loss_of_power_as_set_up(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'records.sqlite3'}")
    with database.read() as connection:
        answers = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.close()
    full = 2
    assert answers == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("not a url", "not a database URL"),
        ("mysql://host/name", "mysql is not supported"),
        ("sqlite://", "would forget every part"),
        ("sqlite:////dev/null/folder/records.db", "folder /dev/null/folder is not there"),
        ("sqlite:////proc", "cannot be used"),
        ("postgresql://postgres:secret@127.0.0.1:1/name", "Connection refused"),
    ],
)
def test_an_unusable_address_is_named(url: str, message: str) -> None:
    with pytest.raises(RecordsError, match=message) as caught:
        open_database(url)
    assert "secret" not in str(caught.value)


def test_a_slip_in_the_address_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match=r"nowhere is not there; correct server\.database"):
        open_database(f"sqlite:///{tmp_path / 'nowhere' / 'records.sqlite3'}")
    assert list(tmp_path.iterdir()) == []


def test_the_log_says_that_a_database_is_new(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for _ in range(2):
        open_database(tmp_path / "records.sqlite3").close()
    assert [each.getMessage() for each in caplog.records if "is new" in each.getMessage()] == [
        f"database sqlite+pysqlite:///{tmp_path / 'records.sqlite3'}: is new, it holds no records"
    ]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at" * 100, encoding="utf-8")
    with pytest.raises(RecordsError, match="file is not a database"):
        open_database(f"sqlite:///{path}")


def test_a_wrong_password_is_refused_and_not_repeated(postgres: PostgresServer) -> None:
    url = postgres.url("postgres", "guessed").render_as_string(hide_password=False)
    with pytest.raises(RecordsError, match="password authentication failed") as caught:
        open_database(url)
    assert "guessed" not in str(caught.value)
