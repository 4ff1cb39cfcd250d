"""The recorder on a disk that fills up: what is not written waits, and is written later."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edgeinspect.core.frame import Image
from edgeinspect.core.inspection import Inspection
from edgeinspect.station.outbox import Lane, Outbox
from edgeinspect.station.recorder import Draft, Recorder

WAIT_S = 10.0


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    box = Outbox(tmp_path / "outbox.sqlite3")
    yield box
    box.close()


@pytest.fixture
def recorder(outbox: Outbox) -> Iterator[Recorder]:
    recorder = Recorder(outbox, lambda: None)
    yield recorder
    recorder.close()


def limit_pages(outbox: Outbox, pages: int) -> None:
    """Let SQLite find the disk full beyond so many pages."""
    outbox._db.execute(f"PRAGMA max_page_count = {pages}").fetchall()


def test_a_draft_is_on_the_disk_when_its_future_is_done(
    outbox: Outbox,
    recorder: Recorder,
    picture: Image,
    make_inspection: Callable[..., Inspection],
) -> None:
    inspection = make_inspection(1)
    outbox.begin_boot(inspection.boot)
    recorder.record(Draft(inspection, picture)).result(WAIT_S)
    (row,) = outbox.fetch(Lane.ROWS, 0, 9)
    (evidence,) = outbox.fetch(Lane.EVIDENCE, 0, 9)
    written = Inspection.model_validate_json(row.payload)
    assert [kept.sha256 for kept in written.evidence] == [evidence.topic.rpartition("/")[2]]


def test_a_full_disk_loses_nothing(
    outbox: Outbox, recorder: Recorder, make_inspection: Callable[..., Inspection]
) -> None:
    first = make_inspection(1)
    outbox.begin_boot(first.boot)
    recorder.record(Draft(first, None)).result(WAIT_S)
    limit_pages(outbox, 1)
    for sequence in range(2, 40):
        recorder.record(Draft(make_inspection(sequence), None))
    assert not recorder.wait_until_written(0.5)
    assert "free space on the disk" in str(recorder.fault)
    assert outbox.appended(first.boot) < 39
    limit_pages(outbox, 1_000_000)
    assert recorder.wait_until_written(WAIT_S)
    assert recorder.fault is None
    rows = outbox.fetch(Lane.ROWS, 0, 99)
    assert [row.sequence for row in rows] == list(range(1, 40))
