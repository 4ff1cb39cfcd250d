"""What an outbox gives up when it is full, or when what it holds is too old.

First the images of passed parts, the oldest first; then all other images; last the inspections
themselves. Age alone never costs an inspection. Of each boot it is noted how far each kind is
gone, so that the server can be told.
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
    freed = 0
    for kind in (_PASSES, _IMAGES, _ROWS):
        while freed < excess_bytes and (oldest := _oldest(db, kind, "1", _CHUNK)):
            chosen = []
            for parcel in oldest:
                if freed >= excess_bytes:
                    break
                chosen.append(parcel)
                freed += parcel[3]
            _give_up(db, kind, chosen)
    return freed


def drop_old_images(db: sqlite3.Connection, before_s: float) -> int:
    """Give up every image kept before this time (seconds since 1970); return their bytes."""
    freed = 0
    for kind in (_PASSES, _IMAGES):
        while old := _oldest(db, kind, f"kept_s < {before_s!r}", _CHUNK):
            _give_up(db, kind, old)
            freed += sum(parcel[3] for parcel in old)
    return freed


_Parcel = tuple[int, str, int, int]
"""Position, boot, sequence, bytes."""


def _oldest(db: sqlite3.Connection, kind: _Kind, further: str, limit: int) -> list[_Parcel]:
    query = (
        f"SELECT position, boot, sequence, {SIZE} FROM parcels"  # noqa: S608
        f" WHERE {kind.where} AND {further} ORDER BY position LIMIT ?"
    )
    return db.execute(query, (limit,)).fetchall()


def _give_up(db: sqlite3.Connection, kind: _Kind, parcels: list[_Parcel]) -> None:
    db.executemany("DELETE FROM parcels WHERE position = ?", [(p[0],) for p in parcels])
    db.executemany(
        f"UPDATE boots SET {kind.counted} = {kind.counted} + 1,"  # noqa: S608
        f" {kind.gone} = max({kind.gone}, ?) WHERE boot = ?",
        [(sequence, boot) for _, boot, sequence, _ in parcels],
    )
