"""Every database the product supports, real, and empty for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgres import PostgresServer, running_postgres

from edgeinspect.records.database import Database, open_database


@pytest.fixture(scope="session")
def postgres(free_port: Callable[[], int]) -> Iterator[PostgresServer]:
    """A PostgreSQL server, shared by the session."""
    with running_postgres(free_port()) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.sqlite3'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(scope="session")
def migrated(postgres: PostgresServer) -> str:
    """The name of a PostgreSQL database with all tables, to be copied."""
    url = postgres.new_database()
    open_database(url).close()
    return url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An open database of each kind."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'records.sqlite3'}")
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        opened = open_database(server.new_database(request.getfixturevalue("migrated")))
    yield opened
    opened.close()
