"""A full outbox gives up images of passed parts first, other images next, inspections last."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeinspect.core.delivery import BootTail, BootWatermark, Dropped, Recorded
from edgeinspect.station import outbox as outbox_module
from edgeinspect.station.outbox import Outbox
from edgeinspect.station.outbox_space import OVERHEAD_BYTES, Bounds
from edgeinspect.station.parcel import Lane, Parcel

BOOT, LATER = uuid4(), uuid4()
DAY_S = 86_400.0
ROW, IMAGE = b"r" * 100, b"i" * 1000
SIZE = len(ROW) + len(IMAGE) + 2 * OVERHEAD_BYTES
"""Of a part with its image."""


def part(sequence: int, passed: bool, boot: UUID = BOOT) -> list[Parcel]:
    return [
        Parcel(Lane.ROWS, boot, sequence, "t", "j", ROW, passed=passed),
        Parcel(Lane.EVIDENCE, boot, sequence, "t", "j", IMAGE, passed=passed),
    ]


def box(max_bytes: int, max_age_s: float = DAY_S) -> Outbox:
    opened = Outbox(Path(":memory:"), Bounds(max_bytes, max_age_s))
    opened.begin_boot(BOOT)
    return opened


def held(outbox: Outbox, lane: Lane) -> list[int]:
    return [each.sequence for each in outbox.fetch(lane, 0, 1000)]


def test_images_of_passed_parts_go_first_and_the_oldest_first() -> None:
    outbox = box(4 * SIZE)
    for number, passed in enumerate((False, True, True, False, True), 1):
        outbox.append(part(number, passed))
    assert held(outbox, Lane.EVIDENCE) == [1, 4, 5]
    outbox.append(part(6, False))
    assert held(outbox, Lane.EVIDENCE) == [1, 4, 6]
    outbox.append(part(7, False))
    assert held(outbox, Lane.EVIDENCE) == [4, 6, 7]
    assert held(outbox, Lane.ROWS) == [1, 2, 3, 4, 5, 6, 7]
    (tail,) = outbox.tails()
    assert tail.dropped == Dropped(passes_through=5, evidence_through=1)
    outbox.close()


def test_inspections_go_when_no_image_is_left() -> None:
    row = len(ROW) + OVERHEAD_BYTES
    outbox = box(3 * row)
    for number in range(1, 6):
        outbox.append(part(number, False))
    assert held(outbox, Lane.EVIDENCE) == []
    assert held(outbox, Lane.ROWS) == [3, 4, 5]
    dropped = Dropped(rows_through=2, evidence_through=5)
    assert outbox.tails() == (BootTail(boot=BOOT, last_sequence=5, dropped=dropped),)
    health = outbox.health()
    assert (health.rows, health.evidence, health.bytes) == (3, 0, 3 * row)
    assert (health.dropped_rows, health.dropped_evidence) == (2, 5)
    outbox.close()


def test_all_images_of_an_inspection_go_together() -> None:
    image = len(IMAGE) + OVERHEAD_BYTES
    outbox = box(len(ROW) + OVERHEAD_BYTES + 300 * image)
    row, frame = part(1, False)
    outbox.append([row, *[frame] * 300])  # more than are looked at in one go
    row, frame = part(2, False)
    outbox.append([row, frame])
    assert held(outbox, Lane.EVIDENCE) == [2]
    assert outbox.health().dropped_evidence == 300
    assert outbox.health().bytes == 2 * (len(ROW) + OVERHEAD_BYTES) + image
    (tail,) = outbox.tails()
    assert tail.dropped == Dropped(evidence_through=1)
    outbox.close()


def test_what_was_given_up_is_told_until_the_server_knows() -> None:
    outbox = box(len(ROW) + OVERHEAD_BYTES)
    outbox.append([*part(1, True), *part(2, True)])
    assert held(outbox, Lane.ROWS) == [2]

    def hear(rows: int, evidence: int) -> None:
        mark = BootWatermark(boot=BOOT, rows_through=rows, evidence_through=evidence)
        outbox.forget(Recorded(epoch=uuid4(), boots=(mark,)))

    hear(2, 1)
    (tail,) = outbox.tails()
    assert tail.dropped == Dropped(passes_through=2)
    hear(2, 2)
    assert outbox.tails() == ()
    assert outbox.health().dropped_rows == 1
    outbox.close()


def test_old_images_go_and_old_inspections_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = box(10**9, max_age_s=DAY_S)
    now_s = 1_000_000.0
    monkeypatch.setattr(outbox_module, "time", lambda: now_s)
    outbox.append([*part(1, False), *part(2, True)])
    now_s += DAY_S / 2
    outbox.append(part(3, True))
    now_s += DAY_S / 2 + 1
    assert outbox.drop_old() == 2 * (len(IMAGE) + OVERHEAD_BYTES)
    assert held(outbox, Lane.EVIDENCE) == [3]
    assert held(outbox, Lane.ROWS) == [1, 2, 3]
    assert outbox.health().oldest_s == DAY_S + 1
    (tail,) = outbox.tails()
    assert tail.dropped == Dropped(passes_through=2, evidence_through=1)
    outbox.close()


def test_an_outbox_of_an_earlier_version_is_opened_with_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite3"
    old = sqlite3.connect(path)
    old.executescript(
        "CREATE TABLE boots (boot TEXT PRIMARY KEY, started_at TEXT NOT NULL,"
        " appended INTEGER NOT NULL DEFAULT 0, recorded INTEGER NOT NULL DEFAULT 0);"
        "CREATE TABLE parcels (position INTEGER PRIMARY KEY AUTOINCREMENT, lane TEXT NOT NULL,"
        " boot TEXT NOT NULL REFERENCES boots, sequence INTEGER NOT NULL, topic TEXT NOT NULL,"
        " content_type TEXT NOT NULL, payload BLOB NOT NULL, published INTEGER NOT NULL DEFAULT 0);"
        f"INSERT INTO boots VALUES ('{BOOT}', '', 1, 0);"
        f"INSERT INTO parcels VALUES (1, 'rows', '{BOOT}', 1, 't', 'j', 'row', 0);"
    )
    old.close()
    for _ in range(2):
        outbox = Outbox(path)
        assert held(outbox, Lane.ROWS) == [1]
        oldest_s = outbox.health().oldest_s
        assert oldest_s is not None and oldest_s < 60
        outbox.close()


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=25), st.integers(1, 6))
def test_it_keeps_within_its_bounds_and_counts_what_it_gave_up(
    parts: Sequence[tuple[bool, bool]], room: int
) -> None:
    outbox = box(room * SIZE)
    outbox.begin_boot(LATER)
    sequences = {BOOT: 0, LATER: 0}
    for passed, later in parts:
        boot = LATER if later else BOOT
        sequences[boot] += 1
        outbox.append(part(sequences[boot], passed, boot))
        assert outbox.health().bytes <= room * SIZE
    rows, images = outbox.fetch(Lane.ROWS, 0, 99), outbox.fetch(Lane.EVIDENCE, 0, 99)
    health = outbox.health()
    assert len(rows) + health.dropped_rows == len(images) + health.dropped_evidence == len(parts)
    assert not (images and health.dropped_rows)
    tails = {tail.boot: tail.dropped or Dropped() for tail in outbox.tails()}
    for row in rows:
        assert row.sequence > tails[row.boot].rows_through
    for boot, last in sequences.items():
        kept = {row.sequence for row in rows if row.boot == boot}
        gone = set(range(1, last + 1)) - kept
        assert gone == set(range(1, tails.get(boot, Dropped()).rows_through + 1))
    outbox.close()


def test_images_for_which_the_disk_has_no_room_are_given_up_and_records_are_not(
    tmp_path: Path,
) -> None:
    room = 10 * SIZE
    outbox = Outbox(tmp_path / "outbox.sqlite3", room=lambda _: room)
    outbox.begin_boot(BOOT)
    outbox.append(part(1, False) + part(2, True) + part(3, True))
    assert held(outbox, Lane.EVIDENCE) == [1, 2, 3]
    room = -10 * SIZE  # others filled the disk
    outbox.append(part(4, True))
    assert held(outbox, Lane.EVIDENCE) in ([1, 4], [1, 3, 4])
    outbox.append(part(5, False))
    for number in range(6, 40):
        outbox.append(part(number, True))
    assert held(outbox, Lane.ROWS) == list(range(1, 40))
    assert outbox.health().dropped_evidence > 20
    room = 10 * SIZE
    outbox.append(part(40, False))
    assert held(outbox, Lane.EVIDENCE)[-1] == 40
    outbox.close()


def test_what_is_given_up_is_room_for_what_comes(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite3"
    outbox = Outbox(path, room=lambda _: -1)
    outbox.begin_boot(BOOT)
    for number in range(1, 300):
        outbox.append([replace(each, payload=each.payload * 40) for each in part(number, True)[1:]])
    outbox.close()
    assert path.stat().st_size < 1_000_000  # of 12 MB that came


def test_a_disk_that_does_not_say_how_full_it_is_costs_nothing(tmp_path: Path) -> None:
    def unknown(_folder: Path) -> float:
        raise OSError("no answer")

    outbox = Outbox(tmp_path / "outbox.sqlite3", room=unknown)
    outbox.begin_boot(BOOT)
    outbox.append(part(1, True))
    assert (held(outbox, Lane.ROWS), held(outbox, Lane.EVIDENCE)) == ([1], [1])
    outbox.close()
