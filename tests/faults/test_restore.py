"""A server that is lost, and replaced by an older backup, while its stations go on."""

import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from factory import SERVER, Factory, Plan, factory
from processes import edgeinspect, wait_for_port

STATION, PARTS, LONG_S = "camera-1", 1500, 120.0

pytestmark = pytest.mark.fault


def test_an_older_backup_is_restored_and_every_part_is_recorded_or_told_as_lost(
    tmp_path: Path, free_port: Callable[[], int]
) -> None:
    records, archive = tmp_path / "records.sqlite3", tmp_path / "backup.tar"
    plan = Plan("embedded", f"sqlite:///{records}", (STATION,), PARTS)
    with factory(tmp_path, plan, free_port) as made:
        made.start(made.names)
        _wait_until_forgotten(made, 100)
        made.processes[STATION].send_signal(signal.SIGSTOP)  # a backup takes longer than the rest
        edgeinspect("backup", archive, "--config", made.config("site"))
        made.processes[STATION].send_signal(signal.SIGCONT)
        _wait_until_forgotten(made, _forgotten(made.outbox(STATION)) + 200)
        made.kill([STATION])
        made.start([STATION])  # its new boot is in no backup at all
        _wait_until_forgotten(made, _forgotten(made.outbox(STATION)) + 200)
        made.kill([SERVER])
        for path in (*tmp_path.glob("records.sqlite3*"), made.data / "evidence"):
            path.rename(path.with_name(f"old-{path.name}"))
        edgeinspect("restore", archive, "--config", made.config("site"))
        made.start([SERVER])
        made.wait_until_finished()
        wait_for_port(made.server_port, LONG_S)
        station = _wait_until_without_holes(made)
        made.stop()
        kept = _sequences(records)
        before = _sequences(tmp_path / "old-records.sqlite3")
        assert station["inspected"] == PARTS
        assert station["lost"] == PARTS - len(kept) == len(before - kept) > 0
        assert station["given_up"] == station["quarantined"] == 0
        assert "the records are whole" in edgeinspect(
            "records", "verify", "--config", made.config("site")
        )


def _wait_until_forgotten(made: Factory, parts: int) -> None:
    """Wait until the station has let go of so many parts, which the server has recorded."""
    pause, outbox = Event(), made.outbox(STATION)
    for _ in range(int(LONG_S / 0.1)):
        if outbox.exists() and _forgotten(outbox) >= parts:
            return
        pause.wait(0.1)
    raise AssertionError(f"{parts} parts were never recorded")


def _forgotten(outbox: Path) -> int:
    with closing(sqlite3.connect(f"file:{outbox}?mode=ro", uri=True)) as db:
        try:
            (count,) = db.execute("SELECT coalesce(sum(recorded), 0) FROM boots").fetchone()
        except sqlite3.OperationalError:  # it is only being made
            return 0
    return int(count)


def _wait_until_without_holes(made: Factory) -> dict[str, Any]:
    """Wait until the server knows of every part; return what it says of the station."""
    pause = Event()
    for _ in range(int(LONG_S / 0.1)):
        station: dict[str, Any]
        (station,) = made.get("/stations")["items"]
        if station["inspected"] == PARTS and station["holes"] == 0:
            return station
        pause.wait(0.1)
    raise AssertionError(f"there are holes: {station}")


def _sequences(records: Path) -> set[tuple[str, int]]:
    query = "SELECT boots.boot, sequence FROM inspections JOIN boots ON boots.id = boot_id"
    with closing(sqlite3.connect(f"file:{records}?mode=ro", uri=True)) as db:
        return set(db.execute(query))
