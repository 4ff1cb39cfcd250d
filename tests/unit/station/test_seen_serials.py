"""Serials that a station remembers: bounded, by purpose, and through a restart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from edgeinspect.core.verdict import Purpose
from edgeinspect.station.outbox import Outbox
from edgeinspect.station.parcel import Lane, Parcel
from edgeinspect.station.seen_serials import REMEMBERED, Seen, SeenSerials

START = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def seen(number: int, purpose: Purpose = Purpose.PRODUCTION) -> Seen:
    return Seen(purpose, f"S{number}", START + timedelta(seconds=number))


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "outbox.sqlite3"


def test_a_serial_is_known_by_when_it_was_seen_last() -> None:
    serials = SeenSerials([seen(1)])
    assert serials.note(seen(2)) is None
    again = replace(seen(1), at=START + timedelta(hours=1))
    assert serials.note(again) == seen(1).at
    assert serials.note(again) == again.at


def test_production_and_commissioning_know_nothing_of_each_other() -> None:
    serials = SeenSerials([seen(1, Purpose.COMMISSIONING)])
    assert serials.note(seen(1)) is None
    assert serials.note(seen(1, Purpose.COMMISSIONING)) is not None


def test_the_serial_seen_longest_ago_is_forgotten_first() -> None:
    serials = SeenSerials(map(seen, range(REMEMBERED)))
    assert serials.note(seen(0)) is not None
    serials.note(seen(REMEMBERED))
    assert serials.note(seen(0)) is not None
    assert serials.note(seen(1)) is None


def test_serials_outlive_a_boot_and_their_parcels(path: Path) -> None:
    boot = uuid4()
    outbox = Outbox(path)
    outbox.begin_boot(boot)
    for number in (3, 1, 2):
        row = Parcel(Lane.ROWS, boot, number, "topic", "text/plain", b"row", seen=seen(number))
        outbox.append([row])
    outbox.close()
    outbox = Outbox(path)
    assert outbox.serials() == [seen(1), seen(2), seen(3)]
    outbox.close()


def test_an_outbox_remembers_as_many_as_the_station(path: Path) -> None:
    boot = uuid4()
    outbox = Outbox(path)
    outbox.begin_boot(boot)
    rows = [
        Parcel(Lane.ROWS, boot, number, "topic", "text/plain", b"row", seen=seen(number))
        for number in range(1, REMEMBERED + 6)
    ]
    outbox.append(rows)
    kept = outbox.serials()
    assert (len(kept), kept[0]) == (REMEMBERED, seen(6))
    outbox.close()
