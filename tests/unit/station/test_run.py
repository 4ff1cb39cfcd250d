"""What a station does about an earlier boot's parts while its disk is full, and asked to end."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Timer
from typing import Any

import pytest

from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import StationMode
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.core.recipe import Recipe
from edgeinspect.settings.tree import MqttSettings
from edgeinspect.station.announcer import Announcer
from edgeinspect.station.desk import Desk, account_for_interrupted, left_unwritten
from edgeinspect.station.inspector import Inspector
from edgeinspect.station.ledger import HandedOut, Ledger
from edgeinspect.station.outbox import Outbox
from edgeinspect.station.packer import Draft
from edgeinspect.station.parcel import Lane
from edgeinspect.station.recorder import QUEUE_LENGTH, Recorder


@pytest.mark.parametrize("parts", [20, 2000])  # within the queue, and beyond it
def test_a_stop_ends_the_wait_at_the_start_and_the_ledger_still_knows(
    tmp_path: Path, make_inspection: Callable[..., Inspection], parts: int
) -> None:
    asked, first = Event(), make_inspection(1)
    nobody: Any = None
    with (
        closing(Outbox(tmp_path / "outbox.sqlite3")) as outbox,
        closing(Ledger(tmp_path / "outbox.ledger")) as ledger,
        closing(Recorder(outbox, lambda: None, asked)) as recorder,
    ):
        outbox.begin_boot(first.boot)
        recorder.record(Draft(first, None))
        assert recorder.wait_until_written(10)
        last = HandedOut(first.boot, parts, utc_now())
        ledger.write(last)
        said = Announcer(outbox, StationAddress(), MqttSettings())
        desk = Desk(ledger, outbox, said, (), recorder, nobody, nobody, nobody)
        inspector = Inspector(nobody, Recipe())
        outbox._db.execute("PRAGMA max_page_count = 1").fetchall()
        stop = Timer(1.5, asked.set)
        stop.start()
        assert not account_for_interrupted(desk, inspector)
        stop.join()
        assert "database or disk is full" in str(recorder.fault)
        assert parts > QUEUE_LENGTH or said._state.mode is StationMode.FAULT
        assert "go to review at the next start" in str(left_unwritten(desk))
        recorder.close()
        assert ledger.last() == HandedOut(first.boot, parts, last.captured_at)
        outbox._db.execute("PRAGMA max_page_count = 1000000").fetchall()
        asked.clear()
        again = Recorder(outbox, lambda: None, asked)
        desk = Desk(ledger, outbox, said, (), again, nobody, nobody, nobody)
        assert account_for_interrupted(desk, inspector)
        again.close()
        rows = outbox.fetch(Lane.ROWS, 0, 9999)
        assert [row.sequence for row in rows] == list(range(1, parts + 1))
