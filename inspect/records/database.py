"""The database: opened, brought up to date, and known by its epoch."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from ..core.clock import utc_now
from ..core.errors import RecordsError
from ..core.identity import new_id
from .audit import tables as _of_the_log  # noqa: F401 - who knows a database knows every table
from .migrate import migrate
from .retention import tables as _of_retention  # noqa: F401
from .statement import insert
from .tables import MetaRow

BUSY_TIMEOUT_MS = 5_000
CONNECT_TIMEOUT_S = 5
WRITERS = {"sqlite": 1, "postgresql": 2}
"""How many may write at once to some profit: SQLite lets one at a time. While PostgreSQL works for
one of them this process, which does as much of the work, serves the other."""
DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}

_log = logging.getLogger(__name__)


class Database:
    """An open database; `epoch` was made with it and is never the same in another.

    `writers` says how many threads may write at once to some profit.
    """

    def __init__(self, engine: Engine, epoch: UUID) -> None:
        self._engine = engine
        self._reader = _seeing_one_state(engine)
        self._writer = engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        self.writers = WRITERS[engine.dialect.name]
        self.epoch = epoch

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database, as it is at its first question."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection whose changes are all kept, durably, or none."""
        with self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_database(place: str | Path) -> Database:
    """Open the database at a SQLAlchemy URL, or the SQLite file at a path, and return it.

    Its tables are created or migrated.
    Raises RecordsError naming the database, what is wrong, and what to do.
    """
    engine = engine_of(place)
    name = engine.url.render_as_string()
    try:
        with engine.execution_options(sqlite_begin="BEGIN IMMEDIATE").begin() as connection:
            migrate(connection, name)
            epoch, is_new = _epoch(connection)
    except DBAPIError as error:
        engine.dispose()
        raise RecordsError(
            f"database {name}: cannot be used ({sentence(error)}); "
            "check server.database, the server, the password and the rights of the folder."
        ) from None
    except RecordsError:
        engine.dispose()
        raise
    if is_new:
        _log.info("database %s: is new, it holds no records", name)
    return Database(engine, epoch)


def engine_of(place: str | Path) -> Engine:
    """Return what connects to the database at a URL or path; the folder of a path is made.

    Raises RecordsError when there can be no such database.
    """
    if isinstance(place, Path):
        _make_folder(place.parent)
        return _make_engine(URL.create(DRIVERS["sqlite"], database=str(place)))
    parsed = _parse(place)
    _check_folder(parsed)
    return _make_engine(parsed)


def sentence(error: BaseException) -> str:
    """Return what an error says, on one line, without the statement and where to read more."""
    if isinstance(error, DBAPIError):
        error = error.orig or error
    said = error.args[0] if isinstance(error, SQLAlchemyError) and error.args else error
    plain = str(said).split("\nLINE ")[0]  # there PostgreSQL quotes the statement
    return " ".join(plain.split()).rstrip(".?")


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise RecordsError(
            "server.database is not a database URL; write one such as sqlite:////data/records.db."
        ) from None
    backend = parsed.get_backend_name()
    if backend not in DRIVERS:
        raise RecordsError(
            f"database {backend} is not supported; use sqlite:/// or postgresql:// instead."
        )
    return parsed.set(drivername=DRIVERS[backend])


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordsError(
            f"folder {folder}: cannot be made ({error.strerror}); choose another for the database."
        ) from None


def _check_folder(url: URL) -> None:
    if url.get_backend_name() != "sqlite":
        return
    if not url.database or url.database == ":memory:":
        raise RecordsError("a database in memory would forget every part; name a file instead.")
    folder = Path(url.database).parent
    if not folder.is_dir():  # a slip of the pen must not begin empty records elsewhere
        raise RecordsError(
            f"database {url.database}: folder {folder} is not there; correct server.database, "
            "or make the folder."
        )


def _make_engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        options = {"connect_timeout": CONNECT_TIMEOUT_S}
        return create_engine(url, connect_args=options, pool_pre_ping=True)
    except (ImportError, NoSuchModuleError):
        raise RecordsError(
            "PostgreSQL needs the extra: install edgeinspect[postgres], or use SQLite."
        ) from None


def _seeing_one_state(engine: Engine) -> Engine:
    """Return the engine for questions; PostgreSQL shows each a state of its own unless told."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite alone
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: a reader that turns writer could be refused half-way.
    options = connection.get_execution_options()
    connection.exec_driver_sql(options.get("sqlite_begin", "BEGIN"))


def _epoch(connection: Connection) -> tuple[UUID, bool]:
    """Return the epoch, and whether it was made just now."""
    made = new_id()
    row = {"id": 1, "epoch": made, "session": 0, "created_at": utc_now()}
    connection.execute(insert(connection, MetaRow).values(row).on_conflict_do_nothing())
    epoch = connection.execute(select(MetaRow.epoch)).scalar_one()
    return epoch, epoch == made
