"""The few statements that SQLite and PostgreSQL spell differently."""

from typing import Any

from sqlalchemy import BigInteger, Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from .tables import Table


def insert(connection: Connection, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, in the database's own dialect."""
    return insert_in(connection.dialect.name, table)


def insert_in(dialect: str, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, in the dialect of that name."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


class epoch_s(GenericFunction[int]):  # noqa: N801 - it is read as a function of SQL
    """Whole seconds since 1970 of a moment, rounded down."""

    type = BigInteger()
    inherit_cache = True

    def __init__(self, moment: Any) -> None:
        super().__init__(moment)


@compiles(epoch_s, "sqlite")
def _epoch_s_in_sqlite(element: epoch_s, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    # Without the fraction: SQLite rounds it to milliseconds, and so 59.9996 up to the next minute.
    return f"CAST(strftime('%s', substr({moment}, 1, 19)) AS INTEGER)"


@compiles(epoch_s, "postgresql")
def _epoch_s_in_postgresql(element: epoch_s, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST(floor(EXTRACT(epoch FROM {moment})) AS BIGINT)"
