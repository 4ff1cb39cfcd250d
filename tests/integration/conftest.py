"""The API over real records, served by a real server."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from web import served

from edgeinspect.api.app import create_app
from edgeinspect.api.live import Live
from edgeinspect.api.services import Services
from edgeinspect.records.database import Database, open_database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.health_board import HealthBoard


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Database]:
    """An open, empty database."""
    database = open_database(f"sqlite:///{tmp_path / 'records.sqlite3'}")
    yield database
    database.close()


@pytest.fixture
def services(records: Database, tmp_path: Path) -> Services:
    """What the API works with, a connected broker assumed."""
    evidence = EvidenceStore(tmp_path / "evidence")
    return Services(
        records, evidence, Live(), lambda: None, lambda: None, HealthBoard(), 256_000_000
    )


@pytest.fixture
def api(services: Services, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of the running API."""
    with served(create_app(services, tmp_path / "no-pages"), services.live) as client:
        yield client
