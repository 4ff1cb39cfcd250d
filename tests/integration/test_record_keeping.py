"""`edgeinspect records`, on the records of a data folder."""

from collections.abc import Callable
from pathlib import Path

from processes import edgeinspect, refusal
from sqlalchemy import text

from edgeinspect.core.inspection import Inspection
from edgeinspect.records.batch import Batch
from edgeinspect.records.database import open_database
from edgeinspect.records.ingest import Ingest


def test_flaws_are_told_and_counts_mended(
    tmp_path: Path, make_inspection: Callable[..., Inspection]
) -> None:
    database = open_database(tmp_path / "records.sqlite3")
    Ingest(database).record(Batch((make_inspection(1),)))
    verify = ("records", "verify", "--data", tmp_path)
    assert "the records are whole" in edgeinspect(*verify)
    with database.write() as connection:
        connection.execute(text("UPDATE counts SET parts = 2 WHERE level_s = 86400"))
    database.close()
    assert "the records have 1 flaw(s)" in refusal(*verify)
    done = edgeinspect("records", "rebuild", "--data", tmp_path)
    assert "4 counts made anew, 1 of them were wrong" in done
    assert "the records are whole" in edgeinspect(*verify)


def test_no_records_are_not_made(tmp_path: Path) -> None:
    assert "is not there" in refusal("records", "verify", "--data", tmp_path)
    assert list(tmp_path.iterdir()) == []
