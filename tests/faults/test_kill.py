"""Kill -9 of each process in the middle of a demo: nothing twice, no hole, nothing missing."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from time import monotonic

import psutil
import pytest

PARTS = 120
RATE = 20


@pytest.mark.fault
@pytest.mark.parametrize("victim", ["broker", "server", "station"])
def test_a_killed_process_loses_nothing(washer_model: Path, tmp_path: Path, victim: str) -> None:
    out = tmp_path / "out.json"
    arguments = ["demo", "-m", washer_model, "--parts", PARTS, "--rate", RATE, "--exit"]
    arguments += ["--summary", out, "--data", tmp_path / "data"]
    demo = subprocess.Popen(
        [sys.executable, "-m", "edgeinspect.cli.main", *map(str, arguments)],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for round_ in range(2):
            _kill(demo.pid, victim, after_inspections=30 * (round_ + 1), data=tmp_path / "data")
        _, said = demo.communicate(timeout=120)
    finally:
        demo.kill()
    assert demo.returncode == 0, said
    assert f"{victim} was ended by signal SIGKILL" in said
    summary = json.loads(out.read_text(encoding="utf-8"))
    assert summary["inspected"] == summary["published"] == summary["recorded"] == PARTS
    assert summary["holes"] == 0
    assert summary["passed"] + summary["failed"] + summary["review"] == PARTS


def _kill(demo: int, victim: str, after_inspections: int, data: Path) -> None:
    """End the victim once the station has written so many inspections down."""
    deadline = monotonic() + 60
    pause = threading.Event()
    while _written(data) < after_inspections:
        assert monotonic() < deadline, "the demo does not get on"
        pause.wait(0.05)
    (process,) = (
        child
        for child in psutil.Process(demo).children()
        if victim in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE
    )
    process.send_signal(signal.SIGKILL)


def _written(data: Path) -> int:
    outbox = data / "outbox-camera-1.sqlite3"
    if not outbox.exists():
        return 0
    with closing(sqlite3.connect(f"file:{outbox}?mode=ro", uri=True)) as db:
        try:
            (written,) = db.execute("SELECT coalesce(sum(appended), 0) FROM boots").fetchone()
        except sqlite3.OperationalError:
            return 0
    return int(written)
