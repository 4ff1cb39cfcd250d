"""A small factory of real processes, each of which can be killed and started again."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic
from typing import Any

import cv2
import httpx
import numpy as np
import tomli_w
from foreign_networks import write_network
from processes import edgeinspect, wait_for_port
from sqlalchemy import create_engine, select

from edgeinspect.core.inspection import Inspection
from edgeinspect.records.tables import InspectionRow

BROKER, SERVER = "broker", "server"
SITE, LINE = "factory", "line-1"
PICTURES = 8
STANDSTILL_S = 60.0
YEARS = "since=2024-01-01T00:00:00Z&until=2029-01-01T00:00:00Z"
"""A range that holds every part, however wrong the clock was."""
RATE = 120
"""Parts a second that each camera shows; a station takes as many as it can."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the factory is made of: the kind of broker, the address of the database, and how many
    parts each station inspects in all.
    """

    broker: str
    database: str
    stations: tuple[str, ...]
    parts: int
    by_way_of: int | None = None
    """The port by which stations reach the broker, where something stands between them."""
    data: Path | None = None
    """The folder in which all is kept; else one of the factory's own."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What every process finds in its environment, beside what the test does."""


@dataclass
class Factory:
    """A broker, a server and some stations on one line, in one data folder."""

    folder: Path
    plan: Plan
    server_port: int
    mqtt_port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """The folder in which all of it is kept."""
        return self.plan.data or self.folder / "data"

    @property
    def names(self) -> tuple[str, ...]:
        """What may be killed."""
        return (BROKER, SERVER, *self.plan.stations)

    def start(self, names: Iterable[str]) -> None:
        """Start processes; what they say goes to a file of their own."""
        for name in names:
            kind = name if name in (BROKER, SERVER) else "station"
            command = [kind, "--config", str(self.config(name))]
            if kind == "station":
                command += ["--total-parts", str(self.plan.parts)]
            with (self.folder / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, "-m", "edgeinspect.cli.main", *command],
                    stderr=log,
                    env=os.environ | self.plan.environment,
                    stdout=subprocess.DEVNULL,
                )

    def kill(self, names: Iterable[str]) -> list[str]:
        """End processes as a power cut would, all before any is waited for; return which lived."""
        alive = [name for name in names if self.processes[name].poll() is None]
        for name in alive:
            self.processes[name].send_signal(signal.SIGKILL)
        for name in alive:
            self.processes.pop(name).wait()
        return alive

    def stop(self) -> None:
        """End all that still runs."""
        for name in reversed(self.names):
            if name in self.processes and self.processes[name].poll() is None:
                self.processes[name].terminate()
        for process in self.processes.values():
            process.wait(30)

    def finished(self) -> bool:
        """Say whether every station has inspected all its parts and had them recorded."""
        self._start_again()
        return all(self.processes[name].poll() == 0 for name in self.plan.stations)

    def written(self) -> int:
        """Return how many inspections the stations have written down."""
        return sum(self._written(name) for name in self.plan.stations)

    def wait_for(self, written: int) -> None:
        """Wait until the stations have written so many inspections down."""
        pause, last, moved_s = Event(), -1, monotonic()
        while (now := self.written()) < written:
            if now != last:
                last, moved_s = now, monotonic()
            assert monotonic() - moved_s < STANDSTILL_S, f"the line stands still at {now}"
            self._start_again()
            pause.wait(0.02)

    def wait_until_finished(self) -> None:
        """Wait until every station has inspected all its parts and had them recorded."""
        pause, deadline_s = Event(), monotonic() + 2 * STANDSTILL_S
        while not self.finished():
            assert monotonic() < deadline_s, f"not all is recorded; see {self.folder}"
            pause.wait(0.1)

    def check(self) -> str:
        """Hold what is recorded against what was inspected, and say it in a line."""
        wait_for_port(self.server_port)
        total = self.plan.parts * len(self.plan.stations)
        counted = self.get(f"/rates?bucket=day&{YEARS}")["total"]["inspected"]
        holes = sum(station["holes"] for station in self.get("/stations")["items"])
        made = recorded(self.plan.database)
        rows, seats = len(made), len({(each.boot, each.sequence) for each in made})
        assert self.written() == counted == rows == seats == total
        assert holes == 0
        self.stop()
        verified = edgeinspect("records", "verify", "--config", self.config("site"), timeout_s=900)
        assert "the records are whole" in verified
        return (
            f"inspected {total}, recorded {rows}, duplicates {rows - seats}, holes {holes}; "
            f"capture to decision in ms: {_latencies_ms(made)} (half, 99 %, most)"
        )

    def config(self, name: str) -> Path:
        """Return the settings file of a process; a station has one of its own."""
        return self.folder / f"{name if name in self.plan.stations else 'site'}.toml"

    def get(self, path: str) -> Any:
        """Ask the API."""
        url = f"http://127.0.0.1:{self.server_port}/api/v1{path}"
        return httpx.get(url, trust_env=False, timeout=30).raise_for_status().json()

    def _start_again(self) -> None:
        """Start what gave up, as a supervisor does."""
        self.start([name for name, process in self.processes.items() if process.poll()])

    def outbox(self, station: str) -> Path:
        """Return the file in which a station keeps what is not recorded."""
        return self.data / f"outbox-{station}.sqlite3"

    def _written(self, station: str) -> int:
        outbox = self.outbox(station)
        if not outbox.exists():
            return 0
        with closing(sqlite3.connect(f"file:{outbox}?mode=ro", uri=True)) as db:
            try:
                (written,) = db.execute("SELECT coalesce(sum(appended), 0) FROM boots").fetchone()
            except sqlite3.OperationalError:
                return 0
        return int(written)


@contextmanager
def factory(folder: Path, plan: Plan, free_port: Callable[[], int]) -> Iterator[Factory]:
    """Set a factory up, and end what runs of it afterwards."""
    mqtt_port, server_port = free_port(), free_port()
    made = Factory(folder, plan, server_port, mqtt_port)
    pictures, model = draw_pictures(folder / "pictures"), folder / "quick.onnx"
    model.write_bytes(quick_model())
    recipe = folder / "recipe.toml"
    recipe.write_text("serial = {codes = []}\n[evidence]\nevery_nth_pass = 10\n", encoding="utf-8")
    for name in ("site", *plan.stations):
        heard_on = plan.by_way_of if plan.by_way_of and name != "site" else mqtt_port
        settings = {
            "data": str(made.data),
            "log_level": "warning",
            "site": {"name": SITE, "line": LINE},
            "mqtt": {"port": heard_on, "keepalive_s": 5},
            "broker": {"kind": plan.broker},
            "server": {"port": server_port, "database": plan.database},
            "station": {
                "name": name,
                "camera": f"folder:{pictures}?rate={RATE}&loop=true",
                "model": str(model),
                "recipe": str(recipe),
                "threads": 1,
                "runtime": "onnxruntime",
            },
        }
        made.config(name).write_text(tomli_w.dumps(settings), encoding="utf-8")
    try:
        yield made
    finally:
        made.stop()


def draw_pictures(folder: Path) -> Path:
    """Draw pictures into a new folder, and return it."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(PICTURES):
        picture = rng.integers(0, 255, (64, 64, 3), np.uint8)
        cv2.imwrite(str(folder / f"{number}.png"), picture)
    return folder


@cache
def quick_model() -> bytes:
    """Return a model that passes each of the pictures in a millisecond."""
    box = np.array([[[10, 12, 30, 40, 0.3, 0]]], np.float32)
    with TemporaryDirectory() as place:
        folder = Path(place)
        theirs = write_network(folder / "theirs.onnx", {"output0": box})
        edgeinspect(
            "model", "import", theirs, "-o", folder / "quick.onnx", "--layout", "yolo-nms",
            "--classes", "dent", "--images", draw_pictures(folder / "pictures"),
            "--licence", "Apache-2.0", "--threshold", 0.5,
        )  # fmt: skip
        return (folder / "quick.onnx").read_bytes()


def recorded(database: str) -> list[Inspection]:
    """Return all that is recorded, in any order."""
    engine = create_engine(database)
    with engine.connect() as connection:
        found = connection.scalars(select(InspectionRow.document)).all()
    engine.dispose()
    return [Inspection.model_validate_json(document) for document in found]


def _latencies_ms(made: Iterable[Inspection]) -> list[float]:
    """Return how long verdicts took: half, 99 % and all of them at most."""
    spent_ms = [
        each.timings_ms.capture
        + each.timings_ms.judge
        + each.timings_ms.read
        + each.timings_ms.measure
        + each.timings_ms.decide
        for each in made
        if not each.interrupted
    ]
    return [float(each) for each in np.percentile(spent_ms, [50, 99, 100]).round(1)]
