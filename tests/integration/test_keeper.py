"""What the server does with the records of itself, over a real broker."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from queue import Queue
from threading import Event
from uuid import uuid4

import httpx
import pytest
from processes import running, settings_file, wait_for_port
from sqlalchemy import update

from edgeinspect.core.audit import AuditHead
from edgeinspect.core.clock import FIRST_YEAR, utc_now
from edgeinspect.core.inspection import Inspection
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import audit_head
from edgeinspect.records.audit.pages import seal_open_pages
from edgeinspect.records.audit.tables import PageRow
from edgeinspect.records.batch import Batch
from edgeinspect.records.database import Database, open_database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.keeper import Keeper
from edgeinspect.records.keeping import Keeping
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


def test_a_round_that_fails_is_told_and_tried_again(
    records: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    faults, said, pause = [OSError("no cable"), ZeroDivisionError("nobody foresaw it")], [], Event()

    def publish(message: Message) -> None:
        if faults:
            raise faults.pop(0)
        said.append(message)

    evidence = EvidenceStore(tmp_path / "evidence")
    keeper = Keeper(records, evidence, RetentionSettings(), "site", publish)
    assert keeper.state == Keeping()
    keeper.start()
    while "nobody foresaw it" not in (keeper.state.trouble or ""):
        pause.wait(0.01)
    failing = keeper.state
    while keeper.state.kept_at is None:
        pause.wait(0.01)
    kept = keeper.state
    keeper.stop()
    assert failing.kept_at is None and failing.failing_since is not None
    assert failing.trouble == "ZeroDivisionError: nobody foresaw it"
    assert kept.kept_at is not None and kept.kept_at > failing.failing_since
    assert (kept.failing_since, kept.trouble, len(said)) == (None, None, 1)
    times = [record.created for record in caplog.records if "not kept in order" in record.message]
    assert len(times) == 2
    assert "the records are kept in order again" in caplog.text


def test_the_server_says_since_when_its_records_are_not_kept(
    broker: MqttSettings, tmp_path: Path, free_port: Callable[[], int]
) -> None:
    port, before, pause = free_port(), utc_now(), Event()
    text = f"[mqtt]\nport = {broker.port}\n[server]\nport = {port}\n"
    config, file = settings_file(tmp_path, text), tmp_path / "records.sqlite3"
    open_database(file).close()
    rename(file, "pages", "elsewhere")
    with (
        running("server", "--config", str(config), "--data", str(tmp_path)),
        httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", trust_env=False) as api,
    ):
        wait_for_port(port, 120.0)
        while (keeping := api.get("/health").json()["keeping"])["failing_since"] is None:
            pause.wait(0.05)
        assert keeping["kept_at"] is None
        assert "no such table: pages" in keeping["trouble"]
        assert before <= datetime.fromisoformat(keeping["failing_since"]) <= utc_now()
        rename(file, "elsewhere", "pages")
        while (keeping := api.get("/health").json()["keeping"])["failing_since"] is not None:
            pause.wait(0.05)
        assert datetime.fromisoformat(keeping["kept_at"]) <= utc_now()
        assert keeping["trouble"] is None


def rename(file: Path, table: str, name: str) -> None:
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO {name}")
