"""The database that a backup is put into: it must be empty, and becomes one of its own."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from ...core.clock import utc_now
from ...core.errors import RecordsError
from ...core.identity import new_id
from ..audit.chain import append
from ..audit.entry import Kind
from ..migrate import lock_schema, migrate
from ..tables import InspectionRow, MetaRow, Table
from .forms import Header, TableForm
from .kinds import TYPES, kind_of
from .kinds import Kind as ColumnKind

_VERSION = sa.Table("alembic_version", sa.MetaData())
_OWN_ROWS = (MetaRow.__tablename__,)
"""Tables in which every database has rows from its beginning."""


class Target:
    """The tables of an empty database as `header` describes them, in one transaction.

    Raises RecordsError naming `name` when it has records, or the schema is unknown here.
    """

    def __init__(self, connection: Connection, header: Header, name: str) -> None:
        self._connection = connection
        self._name = name
        lock_schema(connection)
        self._refuse_unless_empty()
        Table.metadata.drop_all(connection)
        _VERSION.drop(connection, checkfirst=True)
        migrate(connection, name, header.revision)
        self._tables = {form.name: self._table(form) for form in header.tables}

    def kinds(self, table: str) -> list[ColumnKind]:
        """Return what the columns of a table hold."""
        return [kind_of(column.type) for column in self._tables[table].c]

    def insert(self, table: str, rows: list[list[Any]]) -> None:
        """Insert rows whose cells are in the order of the header's columns."""
        names = self._tables[table].c.keys()
        filled = [dict(zip(names, row, strict=True)) for row in rows]
        self._connection.execute(self._tables[table].insert(), filled)

    def bring_up(self, rows: Mapping[str, int]) -> None:
        """Count the rows, and bring the schema up to today's."""
        for name, table in self._tables.items():
            there = self._connection.scalar(select(func.count()).select_from(table))
            if there != rows.get(name):
                raise RecordsError(
                    f"table {name}: {there} rows came of {rows.get(name)}; use another backup."
                )
            self._continue_numbers(table)
        migrate(self._connection, self._name)

    def sign(self, rows: Mapping[str, int], who: str, left_out: int, note: str | None) -> None:
        """Give the database an epoch, and write into the audit log that `who` restored it, and
        how many files not; `note` is the digest of the file that names these.
        """
        epoch = new_id()
        fresh = {"epoch": epoch, "created_at": utc_now()}
        if self._connection.execute(sa.update(MetaRow).values(fresh)).rowcount != 1:
            raise RecordsError("table meta: has no row; use another backup.")
        detail: dict[str, Any] = {"inspections": rows.get(InspectionRow.__tablename__, 0)}
        if left_out:
            detail |= {"left_out": left_out, "note": note}
        append(self._connection, Kind.RESTORED, epoch, detail, who)

    def _refuse_unless_empty(self) -> None:
        there = set(sa.inspect(self._connection).get_table_names())
        for name in there & Table.metadata.tables.keys() - set(_OWN_ROWS):
            table = sa.table(name)
            if self._connection.execute(select(sa.literal(1)).select_from(table).limit(1)).first():
                raise RecordsError(
                    f"database {self._name}: has records in it; restore to a new box, or name "
                    "another folder with --data or another database in the settings."
                )

    def _table(self, form: TableForm) -> sa.Table:
        """Return a table to insert into; its columns must be those of the database."""
        inspector = sa.inspect(self._connection)
        if form.name not in inspector.get_table_names():
            raise RecordsError(f"table {form.name}: is not in that schema; use another backup.")
        columns_there = inspector.get_columns(form.name)
        there = {column["name"]: kind_of(column["type"]) for column in columns_there}
        if sorted(there) != sorted(form.columns):
            raise RecordsError(
                f"table {form.name}: has other columns than its schema says; use another backup."
            )
        columns = [sa.Column(name, TYPES[there[name]]()) for name in form.columns]
        return sa.Table(form.name, sa.MetaData(), *columns)

    def _continue_numbers(self, table: sa.Table) -> None:
        """Let PostgreSQL number new rows behind those that were inserted with their numbers."""
        if self._connection.dialect.name != "postgresql" or "id" not in table.c:
            return
        sequence = self._connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
        if sequence is not None:
            highest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
            self._connection.execute(select(func.setval(sequence, highest, sa.false())))


def check_revision(revision: str, known: frozenset[str], name: str) -> None:
    """Raise RecordsError when this version does not know the schema of a backup."""
    if revision not in known:
        raise RecordsError(
            f"{name}: its schema {revision} is of a newer EdgeInspect; update EdgeInspect first."
        )
