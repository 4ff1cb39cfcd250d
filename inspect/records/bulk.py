"""Rows handed to the driver itself, in a fraction of the time that they take by SQLAlchemy."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from .tables import Table

Rows = Sequence[Mapping[str, Any]]
"""Rows that all have the same columns; at least one."""


def copy_rows(connection: Connection, table: type[Table], rows: Rows) -> int:
    """Copy rows into a table of PostgreSQL, and return how many.

    Their values go as text, each read by the column's own type. Raises what an insert raises.
    """
    columns = tuple(rows[0])
    statement = f"COPY {_table_of(connection, table, columns)} FROM STDIN"
    with _cursor(connection, statement) as cursor, cursor.copy(statement) as copying:
        for row in rows:
            copying.write_row([row[name] for name in columns])
    return len(rows)


def insert_each(
    connection: Connection, table: type[Table], rows: Rows, *, unless_there: bool
) -> int:
    """Insert rows into a table of SQLite, and return how many were inserted.

    `unless_there` passes over those whose key is taken. Raises what an insert raises.
    """
    columns = tuple(rows[0])
    marks = ", ".join("?" * len(columns))
    late = " ON CONFLICT DO NOTHING" if unless_there else ""
    place = _table_of(connection, table, columns)
    statement = f"INSERT INTO {place} VALUES ({marks}){late}"  # noqa: S608 - of our own tables
    values = zip(*(_kept(connection, table, name, rows) for name in columns), strict=True)
    with _cursor(connection, statement) as cursor:
        return int(cursor.executemany(statement, values).rowcount)


def _kept(connection: Connection, table: type[Table], name: str, rows: Rows) -> list[Any]:
    """Return the values of a column as its type has the database keep them."""
    dialect = connection.dialect
    process = table.__table__.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    values = [row[name] for row in rows]
    return values if process is None else [process(value) for value in values]


def _table_of(connection: Connection, table: type[Table], columns: Sequence[str]) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(table.__tablename__)} ({', '.join(map(quote, columns))})"


@contextmanager
def _cursor(connection: Connection, statement: str) -> Iterator[Any]:
    """Give a cursor of the driver whose errors are raised as SQLAlchemy raises them."""
    error_of_driver = connection.dialect.loaded_dbapi.Error
    try:
        with closing(connection.connection.cursor()) as cursor:
            yield cursor
    except error_of_driver as error:
        raise DBAPIError.instance(statement, None, error, error_of_driver) from error
