"""What the server does with the records of itself, over a real broker."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Event
from uuid import uuid4

from sqlalchemy import update

from edgeinspect.core.audit import AuditHead
from edgeinspect.core.clock import FIRST_YEAR, utc_now
from edgeinspect.core.inspection import Inspection
from edgeinspect.messaging.link import Link, Message
from edgeinspect.messaging.topics import audit_head
from edgeinspect.records.audit.pages import seal_open_pages
from edgeinspect.records.audit.tables import PageRow
from edgeinspect.records.batch import Batch
from edgeinspect.records.database import Database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.keeper import Keeper
from edgeinspect.records.queries.audit import AuditFilters, entries, head
from edgeinspect.records.queries.inspections import one
from edgeinspect.records.verify import verify
from edgeinspect.settings.tree import MqttSettings, RetentionSettings

WAIT_S = 20.0
MakeInspection = Callable[..., Inspection]


@contextmanager
def linked(settings: MqttSettings, topic: str, arrived: Queue[Message]) -> Iterator[Link]:
    """Give a connection that hears `topic`."""
    connected = Event()

    def hear(message: Message) -> None:
        link.acknowledge(message)
        arrived.put(message)

    link = Link(
        settings,
        uuid4().hex,
        subscriptions=(topic,),
        on_message=hear,
        on_connected=connected.set,
    )
    link.open()
    try:
        assert connected.wait(WAIT_S)
        yield link
    finally:
        link.close()


def test_the_head_is_said_and_stays_on_its_topic(
    broker: MqttSettings, records: Database, tmp_path: Path, make_inspection: MakeInspection
) -> None:
    site = f"site-{uuid4().hex[:8]}"
    evidence, arrived = EvidenceStore(tmp_path / "evidence"), Queue[Message]()
    Ingest(records).record(Batch((make_inspection(),)))
    with linked(broker, audit_head(site), arrived) as link:
        keeper = Keeper(records, evidence, RetentionSettings(), site, link.publish)
        keeper.start()
        said = AuditHead.model_validate_json(arrived.get(timeout=WAIT_S).payload)
        keeper.stop()
    assert said == head(records)
    assert said.number == 1  # the page with the part on it
    late = Queue[Message]()
    with linked(broker, audit_head(site), late):
        message = late.get(timeout=WAIT_S)
    assert message.retain
    assert AuditHead.model_validate_json(message.payload) == said
    assert list(verify(records, evidence, lambda _done, _total: None, said)) == []


def test_the_policy_is_applied_when_the_server_starts(
    records: Database, tmp_path: Path, make_inspection: MakeInspection
) -> None:
    evidence, part = EvidenceStore(tmp_path / "evidence"), make_inspection()
    Ingest(records).record(Batch((part,)))
    with records.write() as connection:
        seal_open_pages(connection)
        long_ago = utc_now().replace(year=FIRST_YEAR)
        connection.execute(update(PageRow).values(closed_at=long_ago))
    removed = Event()
    keeper = Keeper(records, evidence, RetentionSettings(rows_days=1), "site", lambda _: None)
    keeper.start()
    while one(records, part.id) is not None:
        removed.wait(0.02)
    keeper.stop()
    assert [entry.what for entry in entries(records, AuditFilters(), 10)] == [
        "rows_removed",
        "page_closed",
    ]
