"""Brings a database up to the schema of this version."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from ..core.errors import RecordsError

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_274_209_163
"""Any number of our own: two servers that start together migrate one after the other."""


def migrate(connection: Connection, name: str, revision: str | None = None) -> None:
    """Run the migrations that the database has not seen, in the connection's transaction.

    They are run up to `revision`, or else to today's schema.
    Raises RecordsError when the database `name` was written by a newer EdgeInspect.
    """
    lock_schema(connection)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = _config(connection)
    scripts = ScriptDirectory.from_config(config)
    wanted = revision or scripts.get_current_head()
    present = revision_of(connection)
    if present == wanted:
        return
    if present is not None and present not in known_revisions():
        raise RecordsError(
            f"database {name}: its schema {present} was written by a newer EdgeInspect; "
            "update EdgeInspect, or name another database."
        )
    command.upgrade(config, wanted or "head")


def lock_schema(connection: Connection) -> None:
    """Keep every other process from changing the schema, until the transaction ends.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def revision_of(connection: Connection) -> str | None:
    """Return the name of the schema that a database has, None where it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def known_revisions() -> frozenset[str]:
    """Return the names of all schemas that this version can bring up to date."""
    config = Config()
    config.set_main_option("script_location", _place())
    steps = ScriptDirectory.from_config(config).walk_revisions()
    return frozenset(step.revision for step in steps)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", _place())
    config.attributes["connection"] = connection
    return config


def _place() -> str:
    return str(MIGRATIONS).replace("%", "%%")
