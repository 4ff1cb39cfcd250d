"""The few statements that SQLite and PostgreSQL spell differently."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import BigInteger, ColumnElement, Connection, any_, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from .bulk import copy_rows, insert_each
from .tables import Table


def insert(connection: Connection, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, in the database's own dialect."""
    return insert_in(connection.dialect.name, table)


def insert_in(dialect: str, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, in the dialect of that name."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def insert_rows(
    connection: Connection,
    table: type[Table],
    rows: Sequence[Mapping[str, Any]],
    *,
    unless_there: bool = False,
) -> int:
    """Insert rows that all have the same columns, and return how many were inserted.

    `unless_there` passes over those whose key is taken; else they raise IntegrityError.
    """
    if not rows:
        return 0
    if connection.dialect.name == "sqlite":
        return insert_each(connection, table, rows, unless_there=unless_there)
    if not unless_there:
        return copy_rows(connection, table, rows)
    adding = _adding_lists(table, tuple(rows[0]))
    counted = {"preserve_rowcount": True}
    return connection.execute(adding, as_lists(rows), execution_options=counted).rowcount


@cache
def _adding_lists(table: type[Table], names: tuple[str, ...]) -> postgresql.Insert:
    return insert_lists(table, names).on_conflict_do_nothing()


def insert_lists(table: type[Table], names: tuple[str, ...]) -> postgresql.Insert:
    """Return an INSERT of PostgreSQL that is given a list for each column, as `as_lists` does.

    PostgreSQL and its driver deal with lists many times faster than with rows one by one.
    """
    columns = table.__table__.c
    lists = (bindparam(name, type_=postgresql.ARRAY(columns[name].type)) for name in names)
    rows = select(func.unnest(*lists).table_valued(*names).render_derived())
    return postgresql.insert(table).from_select(names, rows)


def as_lists(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return the values of rows that all have the same columns, column by column."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def one_of(dialect: str, column: Any, name: str) -> ColumnElement[bool]:
    """Return the condition that `column` is among the values of the list parameter `name`.

    SQLite is given a parameter for each of them; that takes PostgreSQL and its driver long.
    """
    if dialect == "sqlite":
        return cast(ColumnElement[bool], column.in_(bindparam(name, expanding=True)))
    return cast(
        ColumnElement[bool], column == any_(bindparam(name, type_=postgresql.ARRAY(column.type)))
    )


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
