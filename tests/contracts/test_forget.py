"""A station that never inspected anything can be taken off the list; any other cannot."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import BootTail, StationMode, StationState
from edgeinspect.core.errors import RecordsError
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.records.arrivals import read_document
from edgeinspect.records.audit.pages import seal_open_pages
from edgeinspect.records.audit.tables import AuditRow, PageRow
from edgeinspect.records.batch import Announcement, Batch, Refused
from edgeinspect.records.database import Database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.forget import forget_station
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.queries.stations import stations
from edgeinspect.records.retention.rows import remove_rows
from edgeinspect.records.tables import BootRow
from edgeinspect.records.verify import verify

STRANGER = StationAddress(station="stati0n-1")


def announced(database: Database, address: StationAddress) -> None:
    """Have a station announce itself with a boot of three parts that never come."""
    state = StationState(
        mode=StationMode.RUNNING,
        since=utc_now(),
        open_boots=(BootTail(boot=uuid4(), last_sequence=3),),
    )
    Ingest(database).record(Batch(announcements=(Announcement(address, state),)))


def names(database: Database) -> list[str]:
    return [str(each.address) for each in stations(database)]


def test_a_station_that_inspected_nothing_is_forgotten(
    database: Database, make_inspection: Callable[..., Inspection], tmp_path: Path
) -> None:
    part = make_inspection(1)
    Ingest(database).record(Batch((part,)))
    announced(database, STRANGER)
    assert names(database) == [str(STRANGER), str(part.address)]
    forget_station(database, STRANGER, "a typing error", "li@box")
    assert names(database) == [str(part.address)]
    with database.read() as connection:
        *_, last = connection.execute(select(AuditRow).order_by(AuditRow.number)).all()
        assert len(connection.execute(select(BootRow.id)).all()) == 1
    assert (last.who, last.what, last.about) == ("li@box", "station_forgotten", str(STRANGER))
    assert json.loads(last.detail) == {"boots": 1, "announced": 3, "reason": "a typing error"}
    found = verify(database, EvidenceStore(tmp_path / "evidence"), lambda _done, _total: None)
    assert list(found) == []
    with pytest.raises(RecordsError, match="no station of that name is known"):
        forget_station(database, STRANGER, "again", "li@box")
    announced(database, STRANGER)
    assert names(database) == [str(STRANGER), str(part.address)]


def test_a_station_that_inspected_stays_also_when_its_rows_are_gone(
    database: Database, make_inspection: Callable[..., Inspection], tmp_path: Path
) -> None:
    part = make_inspection(1)
    Ingest(database).record(Batch((part,)))
    with pytest.raises(RecordsError, match="has inspections, which nobody may lose"):
        forget_station(database, part.address, "x", "li@box")
    with database.write() as connection:
        seal_open_pages(connection)
        connection.execute(update(PageRow).values(closed_at=utc_now() - timedelta(days=9)))
    assert remove_rows(database, EvidenceStore(tmp_path / "evidence"), utc_now()) == 1
    with pytest.raises(RecordsError, match="are counted still, though retention took their rec"):
        forget_station(database, part.address, "x", "li@box")
    assert names(database) == [str(part.address)]


def test_a_station_whose_messages_wait_in_the_quarantine_stays(database: Database) -> None:
    announced(database, STRANGER)
    refused = read_document(Message(str(Topic(STRANGER, Channel.INSPECTION)), b"{}"))
    assert isinstance(refused, Refused)
    Ingest(database).record(Batch(refused=(refused,)))
    with pytest.raises(RecordsError, match="has messages in the quarantine"):
        forget_station(database, STRANGER, "x", "li@box")
