"""What a station stands among gives out: broker, database, disk, network.

The line goes on meanwhile, and afterwards every part is recorded once.
"""

import os
import sqlite3
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from factory import BROKER, SERVER, Factory, Plan, factory, recorded
from postgres import running_postgres
from processes import wait_for_port
from required import missing
from severed import Severed

from edgeinspect.station.recorder import QUEUE_LENGTH

STEPPED_CLOCK = Path(__file__).parents[1] / "stepped_clock"
STATIONS = ("camera-1",)
PARTS = 1000
LEFT_BYTES = 16_000_000
"""On the disk that station and server share: less than the images of the parts take."""

FreePort = Callable[[], int]

pytestmark = pytest.mark.fault


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'records.sqlite3'}"


def test_a_broker_that_is_away(tmp_path: Path, free_port: FreePort) -> None:
    plan = Plan("mosquitto", _sqlite(tmp_path), STATIONS, PARTS)
    with factory(tmp_path, plan, free_port) as made:
        made.start(made.names)
        made.wait_for(100)
        made.kill([BROKER])
        made.wait_for(400)
        made.start([BROKER])
        made.wait_until_finished()
        made.check()


def test_a_server_that_is_away(tmp_path: Path, free_port: FreePort) -> None:
    plan = Plan("embedded", _sqlite(tmp_path), STATIONS, PARTS)
    with factory(tmp_path, plan, free_port) as made:
        made.start([BROKER, *STATIONS])
        made.wait_for(400)
        made.start([SERVER])
        made.wait_until_finished()
        made.check()


def test_a_database_that_crashes(tmp_path: Path, free_port: FreePort) -> None:
    with running_postgres(free_port()) as database:
        plan = Plan("embedded", database.new_database(), STATIONS, PARTS)
        with factory(tmp_path, plan, free_port) as made:
            made.start(made.names)
            wait_for_port(made.server_port)
            made.wait_for(made.written() + 50)
            database.crash()
            made.wait_for(made.written() + 150)
            database.start()
            made.wait_until_finished()
            made.check()


def test_a_database_that_another_holds(tmp_path: Path, free_port: FreePort) -> None:
    plan = Plan("embedded", _sqlite(tmp_path), STATIONS, PARTS)
    with factory(tmp_path, plan, free_port) as made:
        made.start(made.names)
        wait_for_port(made.server_port)
        made.wait_for(made.written() + 50)
        with closing(sqlite3.connect(tmp_path / "records.sqlite3", timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            made.wait_for(made.written() + 200)
            other.rollback()
        made.wait_until_finished()
        made.check()


def test_a_network_that_is_cut_and_falters(tmp_path: Path, free_port: FreePort) -> None:
    with Severed(free_port()) as network:
        plan = Plan("mosquitto", _sqlite(tmp_path), STATIONS, PARTS, by_way_of=network.port)
        with factory(tmp_path, plan, free_port) as made:
            network.leads_to(made.mqtt_port)
            made.start(made.names)
            made.wait_for(60)
            for written in range(100, 400, 60):
                network.cut()
                made.wait_for(written)
            network.silence()  # neither end hears that the other is gone
            made.wait_for(500)
            network.cut()
            network.resume()
            made.wait_until_finished()
            made.check()


def test_clocks_that_are_set_forth_and_back(tmp_path: Path, free_port: FreePort) -> None:
    environment = {"PYTHONPATH": str(STEPPED_CLOCK)}
    plan = Plan("embedded", _sqlite(tmp_path), STATIONS, PARTS, environment=environment)
    with factory(tmp_path, plan, free_port) as made:
        made.start(made.names)
        made.wait_until_finished()
        moments = [each.captured_at for each in recorded(plan.database)]
        assert max(moments) - min(moments) > timedelta(days=1), "no clock was set"
        made.check()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 24 MB."""
    with disk(tmp_path / "small", "24m") as folder:
        yield folder


@contextmanager
def disk(folder: Path, size: str) -> Iterator[Path]:
    """Make a folder that is a disk of its own."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        missing("a small disk can only be mounted by root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill_until_said(made: Factory, disk: Path) -> Path:
    """Fill the disk until a station says so; return what fills it."""
    ballast = disk / "ballast"
    _fill(ballast)
    _wait_until_said(made, "camera-1", "free space on the disk")
    return ballast


def test_a_disk_that_is_full(small_disk: Path, tmp_path: Path, free_port: FreePort) -> None:
    plan = Plan("embedded", _sqlite(small_disk), STATIONS, PARTS, data=small_disk)
    with factory(tmp_path, plan, free_port) as made:
        made.start(made.names)
        made.wait_for(100)
        _fill_until_said(made, small_disk).unlink()
        made.wait_until_finished()
        made.check()


def test_the_images_of_a_backlog_leave_the_server_room(tmp_path: Path, free_port: FreePort) -> None:
    with disk(tmp_path / "shared", "100m") as shared:
        plan = Plan("embedded", _sqlite(shared), STATIONS, PARTS, data=shared)
        with factory(tmp_path, plan, free_port) as made:
            (made.folder / "recipe.toml").write_text("read_serial = false\n", encoding="utf-8")
            made.start([BROKER, SERVER])
            wait_for_port(made.server_port)
            made.kill([SERVER])
            _fill(shared / "ballast")
            os.truncate(shared / "ballast", (shared / "ballast").stat().st_size - LEFT_BYTES)
            made.start(STATIONS)
            made.wait_for(PARTS)
            made.start([SERVER])
            made.wait_until_finished()
            made.check()


def test_a_station_that_a_full_disk_holds_up_ends_when_asked(
    small_disk: Path, tmp_path: Path, free_port: FreePort
) -> None:
    plan = Plan("embedded", _sqlite(tmp_path), STATIONS, PARTS, data=small_disk)
    with factory(tmp_path, plan, free_port) as made:
        made.start(made.names)
        made.wait_for(100)
        made.kill([SERVER])  # what it records makes room in the outbox
        ballast = _fill_until_said(made, small_disk)
        written = _wait_until_the_line_stands(made, small_disk / "outbox-camera-1.ledger")
        station = made.processes["camera-1"]
        station.terminate()
        assert station.wait(20) == 0  # it takes three seconds where nothing else runs
        _wait_until_said(made, "camera-1", "are not written down and go to review")
        assert made.written() == written
        ballast.unlink()
        made.start([SERVER, "camera-1"])
        made.wait_until_finished()
        made.check()


def _wait_until_the_line_stands(made: Factory, ledger: Path) -> int:
    """Wait until a station waits for its full queue; return how many parts it has written."""
    pause, handed_out = Event(), 0
    while handed_out < made.written() + QUEUE_LENGTH:
        pause.wait(0.5)
        (handed_out,) = struct.unpack_from("<Q", ledger.read_bytes(), 16)
    while (now := struct.unpack_from("<Q", ledger.read_bytes(), 16)) != (handed_out,):
        (handed_out,) = now
        pause.wait(2.0)
    return made.written()


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def _wait_until_said(made: Factory, name: str, words: str) -> None:
    pause, log = Event(), made.folder / f"{name}.log"
    for _ in range(600):
        if words in log.read_text(encoding="utf-8"):
            return
        pause.wait(0.1)
    raise AssertionError(f"{name} never said '{words}'")
