"""Keeps every inspection and its evidence on disk until the server has recorded them."""

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Condition
from uuid import UUID

from ..core.clock import utc_now
from ..core.delivery import BootTail, Recorded
from ..core.errors import RecordsError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS boots (
    boot TEXT PRIMARY KEY,
    started_at TEXT NOT NULL,
    appended INTEGER NOT NULL DEFAULT 0,
    recorded INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS parcels (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    lane TEXT NOT NULL,
    boot TEXT NOT NULL REFERENCES boots,
    sequence INTEGER NOT NULL,
    topic TEXT NOT NULL,
    content_type TEXT NOT NULL,
    payload BLOB NOT NULL,
    published INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS parcels_by_lane ON parcels (lane, position);
CREATE INDEX IF NOT EXISTS parcels_by_sequence ON parcels (lane, boot, sequence);
"""


_log = logging.getLogger(__name__)


class Lane(StrEnum):
    """Rows and evidence travel apart, so that images never hold up a record."""

    ROWS = "rows"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to deliver; `position` is given by the outbox."""

    lane: Lane
    boot: UUID
    sequence: int
    topic: str
    content_type: str
    payload: bytes
    position: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the inspections of some boots."""

    inspected: int
    published: int
    recorded: int

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.inspected + other.inspected,
            self.published + other.published,
            self.recorded + other.recorded,
        )


NOTHING = Counts(0, 0, 0)


class Outbox:
    """A SQLite file shared by the threads of one station process.

    Every change is on the disk (WAL, synchronous = FULL) when the method that made it returns.
    Raises RecordsError when the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._changed = Condition()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(_SCHEMA)
            self._evidence_bytes = self._measure_evidence()
        except (OSError, sqlite3.Error) as error:
            raise RecordsError(
                f"{path}: the outbox cannot be opened ({error}); check the data folder's rights."
            ) from None

    def begin_boot(self, boot: UUID) -> None:
        """Note that a run of the station process began."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO boots (boot, started_at) VALUES (?, ?)",
                (str(boot), utc_now().isoformat()),
            )

    def append(self, parcels: Sequence[Parcel]) -> None:
        """Write parcels in one commit; each row counts as an inspection of its boot."""
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO parcels (lane, boot, sequence, topic, content_type, payload)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (p.lane, str(p.boot), p.sequence, p.topic, p.content_type, p.payload)
                    for p in parcels
                ],
            )
            db.executemany(
                "UPDATE boots SET appended = max(appended, ?) WHERE boot = ?",
                [(p.sequence, str(p.boot)) for p in parcels if p.lane is Lane.ROWS],
            )
        with self._changed:
            self._evidence_bytes += sum(len(p.payload) for p in parcels if p.lane is Lane.EVIDENCE)

    def fetch(self, lane: Lane, after: int, limit: int) -> tuple[Parcel, ...]:
        """Return up to `limit` parcels of `lane` behind position `after`, in order."""
        with self._changed:
            rows = self._db.execute(
                "SELECT boot, sequence, topic, content_type, payload, position FROM parcels"
                " WHERE lane = ? AND position > ? ORDER BY position LIMIT ?",
                (lane, after, limit),
            ).fetchall()
        return tuple(
            Parcel(lane, UUID(boot), sequence, topic, content_type, payload, position)
            for boot, sequence, topic, content_type, payload, position in rows
        )

    def mark_published(self, positions: Iterable[int]) -> None:
        """Note that the broker took these parcels; they stay until they are recorded."""
        marks = [(position,) for position in positions]
        if marks:
            with self._transaction() as db:
                db.executemany("UPDATE parcels SET published = 1 WHERE position = ?", marks)

    def forget(self, recorded: Recorded) -> int:
        """Let go of what the server has recorded; return how many parcels that were."""
        with self._transaction() as db:
            forgotten = 0
            for mark in recorded.boots:
                boot = str(mark.boot)
                if max(mark.rows_through, mark.evidence_through) > self._appended(boot):
                    _log.error("a watermark beyond what boot %s ever wrote is ignored", boot)
                    continue
                rows = _delete_through(db, Lane.ROWS, boot, mark.rows_through)
                db.execute("UPDATE boots SET recorded = recorded + ? WHERE boot = ?", (rows, boot))
                forgotten += rows
                forgotten += _delete_through(db, Lane.EVIDENCE, boot, mark.evidence_through)
            self._evidence_bytes = self._measure_evidence()
        return forgotten

    def appended(self, boot: UUID) -> int:
        """Return the highest sequence written for `boot`, 0 when none or unknown."""
        with self._changed:
            return self._appended(str(boot))

    def tails(self) -> tuple[BootTail, ...]:
        """Return the boots with parcels still here, and how far each got."""
        with self._changed:
            rows = self._db.execute(
                "SELECT boot, appended FROM boots WHERE boot IN"
                " (SELECT DISTINCT boot FROM parcels) ORDER BY started_at"
            ).fetchall()
        return tuple(BootTail(boot=UUID(boot), last_sequence=last) for boot, last in rows)

    def depth(self, lane: Lane) -> int:
        """Return how many parcels of `lane` are not recorded yet."""
        with self._changed:
            return self._depth(lane)

    def oldest(self, lane: Lane) -> int | None:
        """Return the position of the oldest parcel of `lane`, None when there is none."""
        with self._changed:
            row = self._db.execute(
                "SELECT min(position) FROM parcels WHERE lane = ?", (lane,)
            ).fetchone()
        return None if row[0] is None else int(row[0])

    def evidence_bytes(self) -> int:
        """Return the size of the evidence that is not recorded yet."""
        with self._changed:
            return self._evidence_bytes

    def counts(self) -> Mapping[UUID, Counts]:
        """Return what became of the inspections of each boot that ever used this outbox."""
        with self._changed:
            rows = self._db.execute(
                "SELECT boot, appended, recorded, (SELECT count(*) FROM parcels"
                " WHERE parcels.boot = boots.boot AND lane = ? AND published)"
                " FROM boots ORDER BY started_at",
                (Lane.ROWS,),
            ).fetchall()
        return {
            UUID(boot): Counts(appended, recorded + waiting, recorded)
            for boot, appended, recorded, waiting in rows
        }

    def wait_until_empty(self, timeout_s: float) -> bool:
        """Wait until everything is recorded; False when `timeout_s` passed first."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not any(self._depth(lane) for lane in Lane), timeout_s
            )

    def close(self) -> None:
        """Close the file."""
        with self._changed:
            self._db.close()

    def _appended(self, boot: str) -> int:
        row = self._db.execute("SELECT appended FROM boots WHERE boot = ?", (boot,)).fetchone()
        return int(row[0]) if row else 0

    def _measure_evidence(self) -> int:
        row = self._db.execute(
            "SELECT coalesce(sum(length(payload)), 0) FROM parcels WHERE lane = ?",
            (Lane.EVIDENCE,),
        ).fetchone()
        return int(row[0])

    def _depth(self, lane: Lane) -> int:
        row = self._db.execute("SELECT count(*) FROM parcels WHERE lane = ?", (lane,)).fetchone()
        return int(row[0])

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._changed:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
            self._changed.notify_all()


def _delete_through(db: sqlite3.Connection, lane: Lane, boot: str, through: int) -> int:
    return db.execute(
        "DELETE FROM parcels WHERE lane = ? AND boot = ? AND sequence <= ?", (lane, boot, through)
    ).rowcount
