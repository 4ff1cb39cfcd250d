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


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database of each kind."""
    opened = open_database(database_url)
    yield opened
    opened.close()
