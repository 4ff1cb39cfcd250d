"""The tables of an outbox, brought up to this version when it is opened."""

import sqlite3
from time import time

_FIRST = """
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
_BOUNDS = """
ALTER TABLE parcels ADD COLUMN kept_s REAL NOT NULL DEFAULT 0;
ALTER TABLE parcels ADD COLUMN passed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE boots ADD COLUMN dropped_rows INTEGER NOT NULL DEFAULT 0;
ALTER TABLE boots ADD COLUMN dropped_evidence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE boots ADD COLUMN rows_gone_through INTEGER NOT NULL DEFAULT 0;
ALTER TABLE boots ADD COLUMN evidence_gone_through INTEGER NOT NULL DEFAULT 0;
ALTER TABLE boots ADD COLUMN passes_gone_through INTEGER NOT NULL DEFAULT 0;
CREATE INDEX parcels_by_kind ON parcels (lane, passed, position);
"""
_EPOCHS = """
ALTER TABLE boots ADD COLUMN forgotten_through INTEGER NOT NULL DEFAULT 0;
ALTER TABLE boots ADD COLUMN lost_through INTEGER NOT NULL DEFAULT 0;
CREATE TABLE server (id INTEGER PRIMARY KEY CHECK (id = 1), epoch TEXT NOT NULL);
UPDATE boots SET forgotten_through = coalesce((SELECT min(sequence) - 1 FROM parcels
    WHERE lane = 'rows' AND parcels.boot = boots.boot), appended);
"""
_SERIALS = """
CREATE TABLE serials (
    purpose TEXT NOT NULL,
    serial TEXT NOT NULL,
    seen_s REAL NOT NULL,
    PRIMARY KEY (purpose, serial)
) WITHOUT ROWID;
CREATE INDEX serials_by_age ON serials (seen_s);
"""
_STEPS = (_BOUNDS, _EPOCHS, _SERIALS)
VERSION = len(_STEPS)


def prepare(db: sqlite3.Connection) -> None:
    """Create the tables, or change those of an earlier version; durable writes are switched on.

    Raises sqlite3.Error when that cannot be.
    """
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.executescript(_FIRST)
    (present,) = db.execute("PRAGMA user_version").fetchone()
    for number, step in enumerate(_STEPS[present:], present + 1):
        db.executescript(f"BEGIN; {step} PRAGMA user_version = {number}; COMMIT;")
    if present < 1:
        db.execute("UPDATE parcels SET kept_s = ? WHERE kept_s = 0", (time(),))
