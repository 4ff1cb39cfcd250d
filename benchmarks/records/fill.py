"""Fills a database with the parts of the made plant, as ingest would have left it, in bulk."""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Index, insert, make_url, select

from benchmarks.records.plant import BOOTS, STATIONS, Part, boot_id, parts, recipe_of
from edgeinspect.records.audit.pages import ROWS_A_PAGE, Line, record_digest, write_down
from edgeinspect.records.database import Database, open_database
from edgeinspect.records.rollups.levels import LEVELS_S
from edgeinspect.records.tables import (
    BootRow,
    ClassCountRow,
    CountRow,
    FindingRow,
    InspectionRow,
    SequenceRow,
    StationRow,
    Table,
)

AT_ONCE = 20_000
_COLUMNS: dict[type[Table], tuple[str, ...]] = {
    InspectionRow: tuple(InspectionRow.__table__.c.keys()),
    FindingRow: tuple(FindingRow.__table__.c.keys()),
    SequenceRow: tuple(SequenceRow.__table__.c.keys()),
    CountRow: tuple(CountRow.__table__.c.keys()),
    ClassCountRow: tuple(ClassCountRow.__table__.c.keys()),
}
_INDEXES: tuple[Index, ...] = tuple(
    index
    for table in (InspectionRow, FindingRow)
    for index in sorted(Table.metadata.tables[table.__tablename__].indexes, key=str)
)
Cells = Counter[tuple[Any, ...]]
Rows = dict[type[Table], list[tuple[Any, ...]]]
Write = Callable[[Rows], None]


def fill(place: str | Path, total: int) -> None:
    """Make the database at `place` and record `total` parts in it."""
    database = open_database(place)
    try:
        with database.write() as connection:
            _add_stations(connection, total)
            for index in _INDEXES:
                index.drop(connection)
        database.close()
        moment = _moment_of_sqlite if isinstance(place, Path) else datetime.isoformat
        _write(place, _batches(parts(total), moment))
        with database.write() as connection:
            for index in _INDEXES:
                print(f"  {index.name}", flush=True)
                index.create(connection)
        _bind(database)
    finally:
        database.close()
    _settle(place)


def _add_stations(connection: Connection, total: int) -> None:
    connection.execute(
        insert(StationRow),
        [{"id": n + 1, **each.model_dump(), "state": None} for n, each in enumerate(STATIONS)],
    )
    last = total // len(STATIONS) // BOOTS
    through = dict.fromkeys(("last_sequence", "rows_through", "evidence_through", "recorded"), last)
    connection.execute(
        insert(BootRow),
        [
            {
                "id": _boot_row(station, boot),
                "station_id": station + 1,
                "boot": boot_id(station, boot),
                "open": boot == BOOTS - 1,
                **through,
            }
            for station in range(len(STATIONS))
            for boot in range(BOOTS)
        ],
    )


def _boot_row(station: int, boot: int) -> int:
    return station * BOOTS + boot + 1


def _counted(
    made: Iterator[Part],
    counts: Cells,
    firsts: Cells,
    classes: Cells,
) -> Iterator[Part]:
    """Give the parts on, and count them by the finest cells."""
    for part in made:
        start_s = int(part.captured_at.timestamp()) // LEVELS_S[0] * LEVELS_S[0]
        cell = (start_s, part.station + 1, part.verdict.value, part.recipe.version)
        counts[cell] += 1
        firsts[cell] += part.is_first
        for name in part.classes:
            classes[*cell, name] += 1
        yield part


def _counts(counts: Cells, firsts: Cells, classes: Cells) -> Iterator[tuple[type[Table], Any]]:
    """Give every row of both tables of counts."""
    for level_s in LEVELS_S:
        firsts_of = _coarser(firsts, level_s)
        for cell, n in _coarser(counts, level_s).items():
            yield CountRow, (*_key(level_s, cell), n, firsts_of[cell])
        for cell, n in _coarser(classes, level_s).items():
            yield ClassCountRow, (*_key(level_s, cell[:4]), cell[4], n)


def _coarser(fine: Cells, level_s: int) -> Cells:
    coarse = Cells()
    for (start_s, *rest), n in fine.items():
        coarse[start_s // level_s * level_s, *rest] += n
    return coarse


def _key(level_s: int, cell: tuple[Any, ...]) -> tuple[Any, ...]:
    start_s, station_id, verdict, version = cell
    return level_s, start_s, station_id, verdict, recipe_of(version - 1).sha256


def _batches(made: Iterator[Part], moment: Callable[[datetime], str]) -> Iterator[Rows]:
    """Give the rows of all parts, and then what they count, so many at a time as can be held."""
    counts, firsts, classes = Cells(), Cells(), Cells()
    counted = _counted(made, counts, firsts, classes)
    done = 0
    while some := list(islice(counted, AT_ONCE)):
        yield _rows(some, moment)
        done += len(some)
        if done % (50 * AT_ONCE) == 0:
            print(f"  {done:,} parts", flush=True)
    rows_of_counts = _counts(counts, firsts, classes)
    while some_counts := list(islice(rows_of_counts, AT_ONCE)):
        rows: Rows = {}
        for table, row in some_counts:
            rows.setdefault(table, []).append(row)
        yield rows


def _write(place: str | Path, batches: Iterator[Rows]) -> None:
    writing = _sqlite(place) if isinstance(place, Path) else _postgresql(place)
    write = next(writing)
    for rows in batches:
        write(rows)
    next(writing, None)


def _rows(some: list[Part], moment: Callable[[datetime], str]) -> Rows:
    now = moment(datetime(2026, 11, 1, 1, tzinfo=UTC))
    rows: Rows = {InspectionRow: [], SequenceRow: [], FindingRow: []}
    for part in some:
        at, row_id, boot = moment(part.captured_at), part.id.hex, _boot_row(part.station, part.boot)
        rows[InspectionRow].append(
            (
                row_id,
                part.station + 1,
                boot,
                part.sequence,
                at,
                now,
                part.serial,
                part.serial,
                "L-77",
                "production",
                part.verdict.value,
                part.score,
                part.document,
                part.recipe.sha256,
            )
        )
        rows[SequenceRow].append((boot, part.sequence, row_id))
        rows[FindingRow] += [(row_id, name, at, 0.75, 1) for name in part.classes]
    return rows


def _moment_of_sqlite(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _sqlite(path: Path) -> Iterator[Write]:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -500000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")

    def write(rows: Rows) -> None:
        for table, some in rows.items():
            marks = ", ".join("?" * len(_COLUMNS[table]))
            into = f"{table.__tablename__} ({_names(table)})"
            connection.executemany(f"INSERT INTO {into} VALUES ({marks})", some)

    yield write
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def _postgresql(url: str) -> Iterator[Write]:
    with psycopg.connect(_plain(url)) as connection:
        # The rows are right by construction, so that no key need be looked for.
        connection.execute("SET session_replication_role = replica")

        def write(rows: Rows) -> None:
            for table, some in rows.items():
                copying = f"COPY {table.__tablename__} ({_names(table)}) FROM STDIN"
                with connection.cursor().copy(copying.encode()) as copy:
                    for row in some:
                        copy.write_row(row)

        yield write


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _names(table: type[Table]) -> str:
    return ", ".join(f'"{name}"' for name in _COLUMNS[table])


def _bind(database: Database) -> None:
    """Write every record on a page of the audit log, as ingest does."""
    row = InspectionRow
    query = select(row.id, row.recorded_at, row.document).order_by(row.id).limit(ROWS_A_PAGE)
    last = UUID(int=0)
    while True:
        with database.write() as connection:
            rows = connection.execute(query.where(row.id > last)).all()
            if not rows:
                return
            lines = [Line(each.id, record_digest(each.recorded_at, each.document)) for each in rows]
            write_down(connection, lines)
            last = rows[-1].id


def _settle(place: str | Path) -> None:
    """Leave the database as its own housekeeping would in the course of a year, all on disk."""
    if isinstance(place, str):
        with psycopg.connect(_plain(place), autocommit=True) as connection:
            numbers = {"stations": len(STATIONS), "boots": len(STATIONS) * BOOTS}
            for table, last in numbers.items():
                connection.execute(f"SELECT setval('{table}_id_seq', {last})".encode())
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")
    os.sync()
