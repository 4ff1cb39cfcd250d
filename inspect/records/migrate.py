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


def migrate(connection: Connection, name: str) -> None:
    """Run the migrations that the database has not seen, in the connection's transaction.

    Raises RecordsError when the database `name` was written by a newer EdgeInspect.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = _config(connection)
    scripts = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    if present == scripts.get_current_head():
        return
    if present is not None and present not in {step.revision for step in scripts.walk_revisions()}:
        raise RecordsError(
            f"database {name}: its schema {present} was written by a newer EdgeInspect; "
            "update EdgeInspect, or name another database."
        )
    command.upgrade(config, "head")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
