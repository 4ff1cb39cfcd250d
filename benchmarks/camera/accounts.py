"""What the records say became of every trigger, and how a process fared meanwhile."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

_MISSED = """
    SELECT json_extract(document, '$.reasons[0].text'), count(*) FROM inspections
    WHERE json_extract(document, '$.reasons[0].code') = 'frame_missed' GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Counts over all records; `serials` are distinct ones, one for each trigger."""

    records: int
    serials: int
    holes: int
    missed: dict[str, int]

    @property
    def inspected(self) -> int:
        return self.records - sum(self.missed.values())


def recorded(records: Path) -> int:
    """Return up to where everything is recorded; cheap, at any size."""
    try:
        with closing(_opened(records)) as db:
            return int(db.execute("SELECT coalesce(sum(rows_through), 0) FROM boots").fetchone()[0])
    except sqlite3.OperationalError:  # the server makes its tables still
        return 0


def accounts(records: Path) -> Accounts:
    with closing(_opened(records)) as db:
        count = "SELECT count(*), count(DISTINCT serial) FROM inspections"
        rows, serials = db.execute(count).fetchone()
        (last,) = db.execute("SELECT coalesce(sum(last_sequence), 0) FROM boots").fetchone()
        (seats,) = db.execute("SELECT count(*) FROM sequences").fetchone()
        return Accounts(rows, serials, last - seats, dict(db.execute(_MISSED).fetchall()))


def _opened(records: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{records}?mode=ro", uri=True, timeout=60)


@dataclass(frozen=True, slots=True)
class Sample:
    """A process when so many parts were recorded."""

    parts: int
    seconds: float
    cpu_s: float
    memory_mb: float
    threads: int
    descriptors: int

    @classmethod
    def of(cls, pid: int, parts: int, seconds: float) -> "Sample":
        process = psutil.Process(pid)
        times, memory_mb = process.cpu_times(), process.memory_info().rss / 1e6
        cpu_s = times.user + times.system
        return cls(parts, seconds, cpu_s, memory_mb, process.num_threads(), process.num_fds())


def slope_mb(samples: Sequence[Sample]) -> float:
    """Return by how many MB the memory grew for 100,000 parts, of a line through the later samples.

    The first quarter is left out: by then all that is needed once is there.
    """
    later = samples[len(samples) // 4 :]
    parts = np.array([sample.parts for sample in later], float)
    memory = np.array([sample.memory_mb for sample in later])
    if len(later) < 3 or np.ptp(parts) == 0:
        return float("nan")
    return float(np.polyfit(parts, memory, 1)[0] * 1e5)
