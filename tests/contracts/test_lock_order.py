"""Whoever writes takes its locks in one order, so nobody is ever chosen to give way.

On PostgreSQL alone: SQLite has one writer at a time.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from postgres import PostgresServer

from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.core.reason import Reason, ReasonCode
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.records import arrivals
from edgeinspect.records.arrivals import read_document
from edgeinspect.records.batch import Batch, Refused
from edgeinspect.records.database import Database, open_database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.queries.quarantine import Outcome, asides, holding
from edgeinspect.records.queries.stations import stations
from edgeinspect.records.settle import QuarantineDesk

MakeInspection = Callable[..., Inspection]
DESKS, LISTENERS, EACH = 3, 3, 10


def of_station(make: MakeInspection, name: str, *, guessed: bool) -> list[Inspection]:
    """Return parts of a station: judged, or guesses about the same parts."""
    why = Reason(code=ReasonCode.STATION_INTERRUPTED, text="as the test said")
    reasons = {"reasons": (why,)} if guessed else {}
    return [make(number, station=name, **reasons) for number in range(1, EACH + 1)]


def set_aside(database: Database, parts: Sequence[Inspection]) -> None:
    """Let messages come that only a later version can read."""
    topic = str(Topic(parts[0].address, Channel.INSPECTION))
    ahead = [part.model_dump_json().replace("inspection/1", "inspection/3") for part in parts]
    read = [read_document(Message(topic, payload.encode())) for payload in ahead]
    refused = tuple(item for item in read if isinstance(item, Refused))
    assert len(refused) == len(parts)
    Ingest(database).record(Batch(refused=refused))


def test_what_is_retried_and_what_arrives_never_block_one_another(
    postgres: PostgresServer,
    tmp_path: Path,
    make_inspection: MakeInspection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with closing(open_database(postgres.new_database())) as database:
        everybody_works(database, tmp_path, make_inspection, monkeypatch)


def everybody_works(
    database: Database,
    tmp_path: Path,
    make_inspection: MakeInspection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    together = Barrier(DESKS + LISTENERS + 1)
    names = [f"station-{number}" for number in range(DESKS + LISTENERS)]
    for name in names:
        Ingest(database).record(Batch(tuple(of_station(make_inspection, name, guessed=True))))
    for name in names[:DESKS]:
        set_aside(database, of_station(make_inspection, name, guessed=False))
    waiting = [each.id for each in asides(database, Outcome.WAITING, None, DESKS * EACH)]
    monkeypatch.setattr(arrivals, "NEXT_SCHEMA", "edgeinspect.inspection/3")  # the update

    def retry(ids: Sequence[int]) -> None:
        desk = QuarantineDesk(database, EvidenceStore(tmp_path / "evidence"))
        together.wait()
        assert [desk.retry(each, "Li Na") for each in ids] == [None] * len(ids)

    def arrive(name: str) -> None:
        together.wait()
        for part in of_station(make_inspection, name, guessed=False):
            noise = Refused(f"x/{name}", f"{part.sequence}".encode(), "no JSON")
            Ingest(database).record(Batch((part,), refused=(noise,)))

    def connect() -> None:
        together.wait()
        for _ in range(EACH):
            Ingest(database).begin_session()

    with ThreadPoolExecutor(DESKS + LISTENERS + 1) as pool:
        work = [pool.submit(retry, waiting[number::DESKS]) for number in range(DESKS)]
        work += [pool.submit(arrive, name) for name in names[DESKS:]]
        work.append(pool.submit(connect))
        for each in work:
            each.result()
    assert (holding(database).waiting, holding(database).recorded) == (
        LISTENERS * EACH,
        DESKS * EACH,
    )
    summaries = stations(database)
    assert [summary.address for summary in summaries] == [
        StationAddress(site="site", line="line-1", station=name) for name in names
    ]
    assert {(each.inspected, each.holes, each.quarantined) for each in summaries} == {(EACH, 0, 0)}
