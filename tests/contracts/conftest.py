"""Every database and broker the product supports, real, and empty for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from brokers import running_broker
from postgres import PostgresServer, running_postgres
from sqlalchemy import text

from edgeinspect.records.database import Database, open_database
from edgeinspect.records.tables import Table
from edgeinspect.settings.tree import MqttSettings


@pytest.fixture(scope="session")
def postgres(free_port: Callable[[], int]) -> Iterator[PostgresServer]:
    """A PostgreSQL server, shared by the session."""
    with running_postgres(free_port()) as server:
        yield server


@pytest.fixture(params=["embedded", "mosquitto"])
def any_broker(
    request: pytest.FixtureRequest, tmp_path: Path, free_port: Callable[[], int]
) -> Iterator[MqttSettings]:
    """A running broker of each kind, empty for each test."""
    with running_broker(request.param, tmp_path, free_port()) as settings:
        yield settings


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.sqlite3'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(scope="session")
def shared_url(postgres: PostgresServer) -> str:
    """The address of a PostgreSQL database that tests use one after the other."""
    return postgres.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An open, empty database of each kind."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'records.sqlite3'}")
    else:
        opened = open_database(request.getfixturevalue("shared_url"))
    yield opened
    if request.param == "postgresql":
        _empty(opened)
    opened.close()


def _empty(database: Database) -> None:
    names = ", ".join(Table.metadata.tables)
    with database.write() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
