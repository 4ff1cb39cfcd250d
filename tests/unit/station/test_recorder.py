"""The recorder on a disk that fills up: what is not written waits, and is written later."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Timer

import pytest

from edgeinspect.core.frame import Image
from edgeinspect.core.inspection import Inspection
from edgeinspect.station.outbox import Outbox
from edgeinspect.station.packer import Draft
from edgeinspect.station.parcel import Lane
from edgeinspect.station.recorder import QUEUE_LENGTH, Recorder

WAIT_S = 10.0


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    box = Outbox(tmp_path / "outbox.sqlite3")
    yield box
    box.close()


@pytest.fixture
def stopping() -> Event:
    return Event()


@pytest.fixture
def recorder(outbox: Outbox, stopping: Event) -> Iterator[Recorder]:
    recorder = Recorder(outbox, lambda: None, stopping)
    yield recorder
    recorder.close()


def limit_pages(outbox: Outbox, pages: int) -> None:
    """Let SQLite find the disk full beyond so many pages."""
    outbox._db.execute(f"PRAGMA max_page_count = {pages}").fetchall()


def write_one_and_fill_the_disk(outbox: Outbox, recorder: Recorder, first: Inspection) -> None:
    outbox.begin_boot(first.boot)
    recorder.record(Draft(first, None))
    assert recorder.wait_until_written(WAIT_S)
    limit_pages(outbox, 1)


def test_a_draft_is_on_the_disk_when_its_future_is_done(
    outbox: Outbox,
    recorder: Recorder,
    picture: Image,
    make_inspection: Callable[..., Inspection],
) -> None:
    inspection = make_inspection(1)
    outbox.begin_boot(inspection.boot)
    recorder.record(Draft(inspection, picture))
    assert recorder.wait_until_written(WAIT_S)
    (row,) = outbox.fetch(Lane.ROWS, 0, 9)
    (evidence,) = outbox.fetch(Lane.EVIDENCE, 0, 9)
    written = Inspection.model_validate_json(row.payload)
    assert [kept.sha256 for kept in written.evidence] == [evidence.topic.rpartition("/")[2]]


def test_a_full_disk_loses_nothing(
    outbox: Outbox, recorder: Recorder, make_inspection: Callable[..., Inspection]
) -> None:
    first = make_inspection(1)
    write_one_and_fill_the_disk(outbox, recorder, first)
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


def test_a_stop_ends_the_wait_for_a_full_disk_and_what_was_written_stays(
    outbox: Outbox,
    recorder: Recorder,
    stopping: Event,
    make_inspection: Callable[..., Inspection],
) -> None:
    first = make_inspection(1)
    write_one_and_fill_the_disk(outbox, recorder, first)
    stop = Timer(1.0, stopping.set)  # while the line waits, as a signal would come
    stop.start()
    sequence = 2
    while recorder.record(Draft(make_inspection(sequence), None)) is not None:
        sequence += 1
    stop.join()
    assert sequence > QUEUE_LENGTH
    assert recorder.hopeless
    recorder.close()  # though the queue is full
    limit_pages(outbox, 1_000_000)
    written = [row.sequence for row in outbox.fetch(Lane.ROWS, 0, 999)]
    assert written == list(range(1, len(written) + 1))
    assert outbox.appended(first.boot) == len(written)
