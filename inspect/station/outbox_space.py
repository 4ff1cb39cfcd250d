"""What an outbox gives up when it or its disk is full, or when what it holds is too old.

First the images of passed parts, the oldest first; then all other images; last the inspections
themselves. Neither age nor a full disk ever costs an inspection. Of each boot it is noted how far
each kind is gone, so that the server can be told.
"""

import sqlite3
from dataclasses import dataclass

OVERHEAD_BYTES = 250
"""What SQLite and the indexes take for a parcel beside its payload, about."""
_CHUNK = 200

SIZE = f"length(payload) + {OVERHEAD_BYTES}"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much an outbox may hold, and how old its images may become."""

    max_bytes: int
    max_age_s: float


@dataclass(frozen=True, slots=True)
class _Kind:
    """Parcels that are given up alike: which, and where it is counted and noted."""

    where: str
    counted: str
    gone: str


_PASSES = _Kind("lane = 'evidence' AND passed", "dropped_evidence", "passes_gone_through")
_IMAGES = _Kind("lane = 'evidence' AND NOT passed", "dropped_evidence", "evidence_gone_through")
_ROWS = _Kind("lane = 'rows'", "dropped_rows", "rows_gone_through")


def held_bytes(db: sqlite3.Connection) -> int:
    """Return what all parcels take."""
    (held,) = db.execute(f"SELECT coalesce(sum({SIZE}), 0) FROM parcels").fetchone()  # noqa: S608
    return int(held)


def make_room(db: sqlite3.Connection, excess_bytes: int) -> int:
    """Give up what takes at least so many bytes, and return how many that were."""
    freed = give_up_images(db, excess_bytes)
    return freed + _give_up_oldest(db, (_ROWS,), excess_bytes - freed)


def give_up_images(db: sqlite3.Connection, excess_bytes: int) -> int:
    """Give up images that take at least so many bytes, or all; return how many that were."""
    return _give_up_oldest(db, (_PASSES, _IMAGES), excess_bytes)


def reusable_bytes(db: sqlite3.Connection) -> int:
    """Return what can be written without the file growing."""
    (pages,), (size,) = (
        db.execute(f"PRAGMA {name}").fetchone() for name in ("freelist_count", "page_size")
    )
    return int(pages * size)


def _give_up_oldest(db: sqlite3.Connection, kinds: tuple[_Kind, ...], excess_bytes: int) -> int:
    freed = 0
    for kind in kinds:
        while freed < excess_bytes and (oldest := _oldest(db, kind, "1", _CHUNK)):
            freed += _give_up(db, kind, _enough(oldest, excess_bytes - freed))
    return freed


def drop_old_images(db: sqlite3.Connection, before_s: float) -> int:
    """Give up every image kept before this time (seconds since 1970); return their bytes."""
    freed = 0
    for kind in (_PASSES, _IMAGES):
        while old := _oldest(db, kind, f"kept_s < {before_s!r}", _CHUNK):
            freed += _give_up(db, kind, old)
    return freed


_Parcel = tuple[str, int, int]
"""Boot, sequence, bytes."""


def _oldest(db: sqlite3.Connection, kind: _Kind, further: str, limit: int) -> list[_Parcel]:
    query = (
        f"SELECT boot, sequence, {SIZE} FROM parcels"  # noqa: S608
        f" WHERE {kind.where} AND {further} ORDER BY position LIMIT ?"
    )
    return db.execute(query, (limit,)).fetchall()


def _enough(parcels: list[_Parcel], wanted_bytes: int) -> list[_Parcel]:
    """Return the first parcels that take so many bytes, or all."""
    chosen: list[_Parcel] = []
    for parcel in parcels:
        if wanted_bytes <= 0:
            break
        chosen.append(parcel)
        wanted_bytes -= parcel[2]
    return chosen


def _give_up(db: sqlite3.Connection, kind: _Kind, parcels: list[_Parcel]) -> int:
    """Give up parcels, and return their bytes.

    All images of an inspection go together: the server awaits none of it any more.
    """
    freed = 0
    which = f"FROM parcels WHERE {kind.where} AND boot = ? AND sequence = ?"
    for seat in dict.fromkeys((boot, sequence) for boot, sequence, _ in parcels):
        (size,) = db.execute(f"SELECT sum({SIZE}) {which}", seat).fetchone()
        count = db.execute(f"DELETE {which}", seat).rowcount
        boot, sequence = seat
        db.execute(
            f"UPDATE boots SET {kind.counted} = {kind.counted} + ?,"  # noqa: S608
            f" {kind.gone} = max({kind.gone}, ?) WHERE boot = ?",
            (count, sequence, boot),
        )
        freed += size
    return freed
