"""Keeps every inspection and its evidence on disk until the server has recorded them."""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import inf
from pathlib import Path
from threading import Condition
from time import time
from uuid import UUID

from ..core.clock import utc_now
from ..core.delivery import BootTail, BootWatermark, Recorded
from ..core.errors import RecordsError
from ..core.health import OutboxHealth
from .outbox_loss import declare_lost, is_another_database, note_heard, tails
from .outbox_schema import prepare
from .outbox_serials import remember, remembered
from .outbox_space import (
    OVERHEAD_BYTES,
    SIZE,
    Bounds,
    drop_old_images,
    give_up_images,
    held_bytes,
    make_room,
    reusable_bytes,
)
from .parcel import Counts, Lane, Parcel
from .seen_serials import Seen

UNBOUNDED = Bounds(2**63, inf)

_log = logging.getLogger(__name__)


class Outbox:
    """A SQLite file shared by the threads of one station process.

    Every change is on the disk (WAL, synchronous = FULL) when the method that made it returns.
    What would not fit within `bounds` is given up, and counted, in the order of `outbox_space`; so
    are images for which there is no `room` (bytes on the disk of a folder; may raise OSError).
    Raises RecordsError when the file cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        bounds: Bounds = UNBOUNDED,
        room: Callable[[Path], float] = lambda _folder: inf,
    ) -> None:
        self._path = path
        self._bounds = bounds
        self._room = room
        self._changed = Condition()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            prepare(self._db)
            self._held_bytes = held_bytes(self._db)
        except (OSError, sqlite3.Error) as error:
            raise RecordsError(
                f"{path}: the outbox cannot be opened ({error}); check the data folder's rights."
            ) from None

    def begin_boot(self, boot: UUID) -> None:
        """Note that a run of the station process began; raises RecordsError when it cannot be."""
        try:
            with self._transaction() as db:
                db.execute(
                    "INSERT INTO boots (boot, started_at) VALUES (?, ?)",
                    (str(boot), utc_now().isoformat()),
                )
        except sqlite3.Error as error:
            raise RecordsError(
                f"{self._path}: nothing can be written ({error}); make room on its disk."
            ) from None

    def append(self, parcels: Sequence[Parcel]) -> None:
        """Write parcels in one commit; each row counts as an inspection of its boot."""
        now_s = time()
        added = sum(len(p.payload) + OVERHEAD_BYTES for p in parcels)
        with self._transaction() as db:
            lacking = self._lacking_on_disk(db, added)
            freed = give_up_images(db, lacking)
            db.executemany(
                "INSERT INTO parcels"
                " (lane, boot, sequence, topic, content_type, payload, passed, kept_s)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(*_key(p), p.topic, p.content_type, p.payload, p.passed, now_s) for p in parcels],
            )
            db.executemany(
                "UPDATE boots SET appended = max(appended, ?) WHERE boot = ?",
                [(p.sequence, str(p.boot)) for p in parcels if p.lane is Lane.ROWS],
            )
            remember(db, (p.seen for p in parcels if p.seen is not None))
            freed += give_up_images(db, lacking - freed)  # of those just written
            excess = self._held_bytes + added - freed - self._bounds.max_bytes
            freed += make_room(db, excess)
        with self._changed:
            self._held_bytes += added - freed

    def drop_old(self) -> int:
        """Give up the images that are older than the bounds allow; return their bytes."""
        if self._bounds.max_age_s == inf:
            return 0
        with self._transaction() as db:
            freed = drop_old_images(db, time() - self._bounds.max_age_s)
        with self._changed:
            self._held_bytes -= freed
        return freed

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
        """Let go of what the server has recorded; return how many parcels that were.

        When it has another database than before, what an earlier one had recorded is declared.
        """
        forgotten = freed = lost = 0
        with self._transaction() as db:
            another = is_another_database(db, recorded.epoch)
            marks = [mark for mark in recorded.boots if self._can_be(mark)]
            for mark in marks:
                boot = str(mark.boot)
                rows, row_bytes = _delete_through(db, Lane.ROWS, boot, mark.rows_through)
                images, image_bytes = _delete_through(
                    db, Lane.EVIDENCE, boot, mark.evidence_through
                )
                db.execute(
                    "UPDATE boots SET recorded = recorded + ?,"
                    " forgotten_through = max(forgotten_through, ?) WHERE boot = ?",
                    (rows, mark.rows_through, boot),
                )
                forgotten += rows + images
                freed += row_bytes + image_bytes
            if another:
                lost = declare_lost(db)
            note_heard(db, marks)
        with self._changed:
            self._held_bytes -= freed
        if another:
            _log.warning(
                "the server has another database; of %d inspections that an earlier one had, "
                "those it lacks are told as lost",
                lost,
            )
        return forgotten

    def appended(self, boot: UUID) -> int:
        """Return the highest sequence written for `boot`, 0 when none or unknown."""
        with self._changed:
            return self._appended(str(boot))

    def serials(self) -> list[Seen]:
        """Return the serials of the last parts, the one seen longest ago first."""
        with self._changed:
            return remembered(self._db)

    def tails(self) -> tuple[BootTail, ...]:
        """Return the boots with parcels still here, given up or lost, and how far each got."""
        with self._changed:
            return tails(self._db)

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

    def health(self) -> OutboxHealth:
        """Return what waits here, what it takes, and what was given up."""
        with self._changed:
            (oldest_s,) = self._db.execute(
                "SELECT kept_s FROM parcels ORDER BY position LIMIT 1"
            ).fetchone() or (None,)
            dropped = self._db.execute(
                "SELECT coalesce(sum(dropped_rows), 0), coalesce(sum(dropped_evidence), 0)"
                " FROM boots"
            ).fetchone()
            return OutboxHealth(
                rows=self._depth(Lane.ROWS),
                evidence=self._depth(Lane.EVIDENCE),
                bytes=self._held_bytes,
                limit_bytes=min(self._bounds.max_bytes, 2**53 - 1),
                oldest_s=None if oldest_s is None else max(0.0, time() - oldest_s),
                dropped_rows=dropped[0],
                dropped_evidence=dropped[1],
            )

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

    def _lacking_on_disk(self, db: sqlite3.Connection, added: int) -> int:
        try:
            room = self._room(self._path.parent) + reusable_bytes(db)
        except OSError:  # whether anything can be written is for the writing to find out
            return 0
        return 0 if added <= room else min(added, int(added - room))

    def _can_be(self, mark: BootWatermark) -> bool:
        if max(mark.rows_through, mark.evidence_through) <= self._appended(str(mark.boot)):
            return True
        _log.error("a watermark beyond what boot %s ever wrote is ignored", mark.boot)
        return False

    def _appended(self, boot: str) -> int:
        row = self._db.execute("SELECT appended FROM boots WHERE boot = ?", (boot,)).fetchone()
        return int(row[0]) if row else 0

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
                if self._db.in_transaction:  # SQLite ends it itself when the disk is full
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
            self._changed.notify_all()


def _key(parcel: Parcel) -> tuple[str, str, int]:
    return parcel.lane, str(parcel.boot), parcel.sequence


def _delete_through(db: sqlite3.Connection, lane: Lane, boot: str, through: int) -> tuple[int, int]:
    """Delete parcels up to a sequence; return how many these were, and what they took."""
    which, values = (
        "FROM parcels WHERE lane = ? AND boot = ? AND sequence <= ?",
        (lane, boot, through),
    )
    count, size = db.execute(
        f"SELECT count(*), coalesce(sum({SIZE}), 0) {which}", values
    ).fetchone()
    db.execute(f"DELETE {which}", values)
    return int(count), int(size)
