"""Counts by cells of time, and the recipe's digest beside each inspection."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_RECIPE = {
    "sqlite": "json_extract(document, '$.recipe.sha256')",
    "postgresql": "document::json -> 'recipe' ->> 'sha256'",
}
_SECONDS = {
    "sqlite": "CAST(strftime('%s', captured_at) AS INTEGER)",
    "postgresql": "CAST(floor(EXTRACT(epoch FROM captured_at)) AS BIGINT)",
}
_CELL = "station_id, verdict, coalesce(recipe, '')"
_FIRST = """
    SELECT i.*, CASE WHEN serial IS NULL OR NOT EXISTS (
        SELECT 1 FROM inspections e
        WHERE e.serial = i.serial AND e.station_id = i.station_id AND e.purpose = i.purpose
        AND (e.captured_at, e.id) < (i.captured_at, i.id)
    ) THEN 1 ELSE 0 END AS is_first
    FROM inspections i WHERE purpose = 'production'
"""


def upgrade() -> None:
    """Add the column and both tables, and count what is there."""
    dialect = op.get_bind().dialect.name
    op.add_column("inspections", sa.Column("recipe", sa.Text))
    op.execute(sa.text(f"UPDATE inspections SET recipe = {_RECIPE[dialect]}"))  # noqa: S608
    _make("counts", [], [sa.Column("first", sa.BigInteger, nullable=False)])
    _make("class_counts", [sa.Column("class_name", sa.Text, primary_key=True)], [])
    for level_s in (60, 900, 3600, 86_400):
        _count(dialect, level_s)


def _make(name: str, more_of_key: list[sa.Column[str]], more: list[sa.Column[int]]) -> None:
    station = sa.ForeignKey("stations.id")
    op.create_table(
        name,
        sa.Column("level_s", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("start_s", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("station_id", sa.Integer, station, primary_key=True, autoincrement=False),
        sa.Column("verdict", sa.Text, primary_key=True),
        sa.Column("recipe", sa.Text, primary_key=True),
        *more_of_key,
        sa.Column("parts", sa.BigInteger, nullable=False),
        *more,
        sqlite_with_rowid=False,
    )


def _count(dialect: str, level_s: int) -> None:
    start = f"{_SECONDS[dialect]} / {level_s} * {level_s}"
    parts = f"SELECT {level_s}, {start} AS start_s, {_CELL}, count(*), sum(is_first)"
    _run(f"INSERT INTO counts {parts} FROM ({_FIRST}) AS p GROUP BY start_s, {_CELL}")
    start = start.replace("captured_at", "i.captured_at")
    shown = f"SELECT {level_s}, {start} AS start_s, {_CELL}, class_name, count(*)"
    joined = "inspections i JOIN findings f ON f.inspection_id = i.id"
    where = "purpose = 'production'"
    _run(
        f"INSERT INTO class_counts {shown} FROM {joined} WHERE {where} "
        f"GROUP BY start_s, {_CELL}, class_name"
    )


def _run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)
