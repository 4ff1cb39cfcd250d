"""The runs of the benchmark, each on a fresh broker, server and database."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .load import Outcome
from .processes import Usage, free_port, module, running, said
from .rows import recorded_ids


@dataclass(frozen=True, slots=True)
class Run:
    """What came out of one run, how many ids the database held, and what each process took."""

    outcome: Outcome
    kept: int
    took: Mapping[str, Usage]

    @property
    def per_second(self) -> float:
        """Inspections recorded a second."""
        return self.outcome.recorded / self.outcome.seconds


def ingest(broker: str, url: str | None, postgres_pid: int | None, load: tuple[object, ...]) -> Run:
    """Have simulated stations send to a real broker and server; SQLite where there is no URL."""
    with _box(broker, url) as (folder, mqtt_port, http_port), ExitStack() as stack:
        pids = {"broker": stack.enter_context(running("broker", folder, mqtt_port))}
        pids["server"] = stack.enter_context(running("server", folder, http_port))
        if postgres_pid is not None:
            pids["PostgreSQL"] = postgres_pid
        before = {name: Usage.of(pid) for name, pid in pids.items()}
        outcome = Outcome(**said(module("load", mqtt_port, *load)))
        after = {name: Usage.of(pid) for name, pid in pids.items()}
        stack.close()
        kept = recorded_ids(url or f"sqlite:///{folder / 'records.sqlite3'}")
    took = {
        name: Usage(after[name].cpu_s - before[name].cpu_s, after[name].memory_mb) for name in pids
    }
    return Run(outcome, kept, took | {"stations": Usage(outcome.cpu_s, 0.0)})


def bare_subscriber(broker: str, load: tuple[object, ...], parts: int) -> float:
    """Return how many messages a second the broker feeds one paho subscriber."""
    with _box(broker, None) as (folder, mqtt_port, _), running("broker", folder, mqtt_port):
        subscriber = module("bare", mqtt_port, parts)
        assert subscriber.stdout is not None
        subscriber.stdout.readline()
        said(module("load", mqtt_port, *load, "--unheard"))
        heard: Any = said(subscriber)
    return (parts - 1) / float(heard["seconds"])


@contextmanager
def _box(broker: str, url: str | None) -> Iterator[tuple[Path, int, int]]:
    with tempfile.TemporaryDirectory(prefix="edgeinspect-ingest-") as name:
        folder, mqtt_port, http_port = Path(name), free_port(), free_port()
        database = f'database = "{url}"\n' if url else ""
        (folder / "edgeinspect.toml").write_text(
            f'log_level = "warning"\n[mqtt]\nport = {mqtt_port}\n[broker]\nkind = "{broker}"\n'
            f"[server]\nport = {http_port}\n{database}",
            encoding="utf-8",
        )
        yield folder, mqtt_port, http_port
