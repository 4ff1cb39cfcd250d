"""The outbox: what is in it survives, and only what is recorded leaves it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.core.delivery import BootTail, BootWatermark, Dropped, Recorded
from edgeinspect.core.errors import RecordsError
from edgeinspect.station.outbox import Outbox
from edgeinspect.station.outbox_loss import TOLD_AT_ONCE
from edgeinspect.station.outbox_space import OVERHEAD_BYTES
from edgeinspect.station.parcel import Counts, Lane, Parcel

BOOT, EPOCH = uuid4(), uuid4()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    box = Outbox(tmp_path / "outbox.sqlite3")
    box.begin_boot(BOOT)
    yield box
    box.close()


def parcel(sequence: int, lane: Lane = Lane.ROWS, boot: UUID = BOOT) -> Parcel:
    return Parcel(lane, boot, sequence, "topic", "text/plain", f"{lane} {sequence}".encode())


def recorded(rows: int, evidence: int = 0, boot: UUID = BOOT, epoch: UUID = EPOCH) -> Recorded:
    mark = BootWatermark(boot=boot, rows_through=rows, evidence_through=evidence)
    return Recorded(epoch=epoch, boots=(mark,))


def sequences(outbox: Outbox, lane: Lane = Lane.ROWS) -> list[int]:
    return [each.sequence for each in outbox.fetch(lane, 0, 1000)]


def test_parcels_are_fetched_in_order_behind_a_position(outbox: Outbox) -> None:
    outbox.append([parcel(1), parcel(2), parcel(2, Lane.EVIDENCE), parcel(3)])
    first, second = outbox.fetch(Lane.ROWS, 0, 2)
    assert [first.payload, second.payload] == [b"rows 1", b"rows 2"]
    assert [each.sequence for each in outbox.fetch(Lane.ROWS, second.position, 9)] == [3]


def test_a_boot_that_cannot_be_noted_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite3"
    outbox = Outbox(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON boots"
            " BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        )
        with pytest.raises(RecordsError, match=r"is full.*make room"):
            outbox.begin_boot(BOOT)
        other.execute("DROP TRIGGER full")
    outbox.begin_boot(BOOT)
    outbox.close()


def test_the_lanes_are_forgotten_apart(outbox: Outbox) -> None:
    outbox.append([parcel(n, lane) for n in (1, 2, 3) for lane in Lane])
    outbox.forget(recorded(rows=3, evidence=1))
    assert sequences(outbox) == []
    assert sequences(outbox, Lane.EVIDENCE) == [2, 3]
    assert outbox.health().bytes == 2 * (len(b"evidence 1") + OVERHEAD_BYTES)


def test_another_boots_watermark_moves_nothing(outbox: Outbox) -> None:
    outbox.append([parcel(1)])
    outbox.forget(recorded(rows=1, boot=uuid4()))
    assert sequences(outbox) == [1]


def test_everything_is_there_after_a_reopening(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite3"
    first = Outbox(path)
    first.begin_boot(BOOT)
    first.append([parcel(1), parcel(2)])
    first.close()
    second = Outbox(path)
    assert sequences(second) == [1, 2]
    assert (second.appended(BOOT), [*second.counts()]) == (2, [BOOT])
    assert second.tails() == (BootTail(boot=BOOT, last_sequence=2),)
    second.close()


def test_positions_are_never_given_twice(outbox: Outbox) -> None:
    outbox.append([parcel(1)])
    (old,) = outbox.fetch(Lane.ROWS, 0, 1)
    outbox.forget(recorded(rows=1))
    outbox.append([parcel(2)])
    (new,) = outbox.fetch(Lane.ROWS, 0, 1)
    assert new.position > old.position


def test_counts_tell_published_from_recorded(outbox: Outbox) -> None:
    outbox.append([parcel(1), parcel(2), parcel(3)])
    outbox.mark_published([each.position for each in outbox.fetch(Lane.ROWS, 0, 2)])
    outbox.forget(recorded(rows=1))
    assert outbox.counts() == {BOOT: Counts(inspected=3, published=2, recorded=1)}


def test_waiting_ends_when_the_last_parcel_leaves(outbox: Outbox) -> None:
    outbox.append([parcel(1), parcel(1, Lane.EVIDENCE)])
    assert not outbox.wait_until_empty(0.01)
    outbox.forget(recorded(rows=1, evidence=1))
    assert outbox.wait_until_empty(0.01)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordsError, match="outbox"):
        Outbox(tmp_path / "file" / "outbox.sqlite3")


@given(st.lists(st.integers(0, 20), max_size=6))
def test_no_order_of_watermarks_brings_back_or_loses_a_row(marks: list[int]) -> None:
    box = Outbox(Path(":memory:"))
    box.begin_boot(BOOT)
    box.append([parcel(n) for n in range(1, 11)])
    for mark in marks:
        box.forget(recorded(mark))
    # A watermark beyond what was written cannot be the server's word.
    through = max((mark for mark in marks if mark <= 10), default=0)
    assert sequences(box) == list(range(through + 1, 11))
    assert box.counts()[BOOT].recorded == through
    box.close()


def test_what_an_earlier_database_had_is_told_until_the_other_counts_it(tmp_path: Path) -> None:
    path, other, later = tmp_path / "outbox.sqlite3", uuid4(), uuid4()
    outbox = Outbox(path)
    outbox.begin_boot(BOOT)
    outbox.append([parcel(n, lane) for n in (1, 2, 3, 4, 5) for lane in Lane])
    outbox.forget(recorded(rows=4, evidence=3))
    assert outbox.tails() == (BootTail(boot=BOOT, last_sequence=5),)
    outbox.begin_boot(later)
    outbox.append([parcel(1, boot=later)])
    outbox.forget(recorded(rows=1, boot=later))  # all of it is recorded
    outbox.forget(recorded(rows=2, evidence=1, epoch=other))
    gone = Dropped(lost_through=4, passes_through=3, evidence_through=3)
    unknown = Dropped(lost_through=1, passes_through=1, evidence_through=1)
    told = (
        BootTail(boot=BOOT, last_sequence=5, dropped=gone),
        BootTail(boot=later, last_sequence=1, dropped=unknown),
    )
    assert outbox.tails() == told
    outbox.close()
    outbox = Outbox(path)  # after a restart, too
    assert outbox.tails() == told
    outbox.forget(recorded(rows=1, evidence=1, boot=later, epoch=other))
    outbox.forget(recorded(rows=4, evidence=3, epoch=other))
    assert outbox.tails() == (BootTail(boot=BOOT, last_sequence=5),)
    assert sequences(outbox) == [5]
    outbox.close()


def test_a_long_history_is_told_in_turns() -> None:
    outbox, boots = Outbox(Path(":memory:")), [uuid4() for _ in range(TOLD_AT_ONCE + 5)]
    for boot in boots:
        outbox.begin_boot(boot)
        outbox.append([parcel(1, boot=boot)])
        outbox.forget(recorded(rows=1, boot=boot))
    other = uuid4()
    outbox.forget(Recorded(epoch=other))
    first = [tail.boot for tail in outbox.tails()]
    assert first == boots[:TOLD_AT_ONCE]
    marks = tuple(BootWatermark(boot=b, rows_through=1, evidence_through=1) for b in first)
    outbox.forget(Recorded(epoch=other, boots=marks))
    assert [tail.boot for tail in outbox.tails()] == boots[TOLD_AT_ONCE:]
    outbox.close()
