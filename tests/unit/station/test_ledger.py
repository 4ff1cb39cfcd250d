"""The ledger survives, and an unwritten or half-written one is none."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from edgeinspect.core.errors import ServiceError
from edgeinspect.station.ledger import HandedOut, Ledger


def test_the_last_entry_is_there_after_a_reopening(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    entry = HandedOut(uuid4(), 7, datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
    ledger = Ledger(path)
    assert ledger.last() is None
    ledger.write(HandedOut(uuid4(), 6, entry.captured_at))
    ledger.write(entry)
    ledger.close()
    again = Ledger(path)
    assert again.last() == entry
    again.close()


def test_one_station_holds_it_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    first = Ledger(path)
    with pytest.raises(ServiceError, match="another station"):
        Ledger(path)
    first.close()
    Ledger(path).close()


def test_a_half_written_entry_is_none(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    path.write_bytes(b"half")
    ledger = Ledger(path)
    assert ledger.last() is None
    ledger.close()
