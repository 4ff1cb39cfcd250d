"""The ledger survives, and an unwritten or half-written one is none."""

import struct
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from edgeinspect.core.errors import ServiceError
from edgeinspect.station.ledger import HandedOut, Ledger


@pytest.mark.parametrize("serial", [None, "S1", "件" * 128, "𠮷" * 128])
def test_the_last_entry_is_there_after_a_reopening(tmp_path: Path, serial: str | None) -> None:
    path = tmp_path / "ledger"
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    entry = HandedOut(uuid4(), 7, moment, serial)
    ledger = Ledger(path)
    assert ledger.last() is None
    ledger.write(HandedOut(uuid4(), 6, moment, "of another part"))
    ledger.write(entry)
    ledger.close()
    again = Ledger(path)
    assert again.last() == entry
    again.close()


def test_an_entry_of_before_there_were_serials_is_read(tmp_path: Path) -> None:
    path, boot = tmp_path / "ledger", uuid4()
    path.write_bytes(struct.pack("<16sQd", boot.bytes, 7, 1_767_323_045.0))
    ledger = Ledger(path)
    assert ledger.last() == HandedOut(boot, 7, datetime.fromtimestamp(1_767_323_045, UTC))
    ledger.close()


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
