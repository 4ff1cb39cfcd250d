"""The other limit: the same rows into the same tables and indexes, by the driver alone."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, time
from typing import Any
from uuid import UUID

import psycopg

from edgeinspect.core.clock import utc_now
from edgeinspect.core.inspection import Inspection
from edgeinspect.records.database import open_database
from edgeinspect.records.rows import finding_rows, inspection_row
from edgeinspect.records.tables import FindingRow, InspectionRow, SequenceRow

from .payloads import inspections, lines

BATCH = 500
TABLES = (InspectionRow.__tablename__, FindingRow.__tablename__, SequenceRow.__tablename__)
Tables = tuple[list[dict[str, Any]], ...]


def inserts_per_second(url: str, parts: int) -> float:
    """Return how many inspections a second are inserted into an empty database, 500 a commit.

    Their rows in `inspections`, `findings` and `sequences`; no counts, no watermarks, no checks.
    """
    open_database(url).close()
    (line,) = lines(1, parts, time(), 1000.0)
    made = list(inspections(line))
    batches = [_rows(made[start : start + BATCH]) for start in range(0, parts, BATCH)]
    seconds = _postgres(url, batches) if url.startswith("postgresql") else _sqlite(url, batches)
    return parts / seconds


def _rows(batch: Sequence[Inspection]) -> Tables:
    now = utc_now()
    return (
        [inspection_row(item, 1, 1, now) for item in batch],
        [row for item in batch for row in finding_rows(item)],
        [{"boot_id": 1, "sequence": i.sequence, "inspection_id": i.id} for i in batch],
    )


def _sqlite(url: str, batches: Sequence[Tables]) -> float:
    plain = [[[_plain(row) for row in rows] for rows in tables] for tables in batches]
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        start_s = perf_counter()
        for tables in plain:
            db.execute("BEGIN IMMEDIATE")
            for name, rows in zip(TABLES, tables, strict=True):
                db.executemany(_statement(name, rows[0], ":{}"), rows)
            db.execute("COMMIT")
        return perf_counter() - start_s


def _postgres(url: str, batches: Sequence[Tables]) -> float:
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO stations (site, line, station) VALUES ('b', 'b', 'b')")
        cursor.execute(
            "INSERT INTO boots (station_id, boot, open, last_sequence, rows_through, "
            "evidence_through, recorded) VALUES (1, gen_random_uuid(), true, 0, 0, 0, 0)"
        )
        start_s = perf_counter()
        for tables in batches:
            with connection.transaction():
                for name, rows in zip(TABLES, tables, strict=True):
                    cursor.executemany(_statement(name, rows[0], "%({})s").encode(), rows)
        return perf_counter() - start_s


def _statement(table: str, row: dict[str, Any], place: str) -> str:
    places = ", ".join(place.format(name) for name in row)
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as SQLAlchemy would hand it to SQLite."""
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return (
            value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
        )
    return value


def recorded_ids(url: str) -> int:
    """Return how many distinct inspections a database holds."""
    if url.startswith("postgresql"):
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT count(DISTINCT id) FROM inspections").fetchone()
            return int(row[0]) if row else 0
    path = Path(url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(DISTINCT id) FROM inspections").fetchone()[0])
