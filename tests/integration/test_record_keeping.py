"""`edgeinspect records`, on the records of a data folder."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from processes import edgeinspect, refusal
from sqlalchemy import text

from edgeinspect.cli.commands.hold import hold, release
from edgeinspect.cli.commands.stations import forget_station, stations
from edgeinspect.core.errors import RecordsError
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.records.batch import Batch
from edgeinspect.records.database import open_database
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.places import hold_stations


def test_flaws_are_told_and_counts_mended(
    tmp_path: Path, make_inspection: Callable[..., Inspection]
) -> None:
    database = open_database(tmp_path / "records.sqlite3")
    Ingest(database).record(Batch((make_inspection(1),)))
    verify = ("records", "verify", "--data", tmp_path)
    assert "the records are whole: 1 inspection, 0 images, " in edgeinspect(*verify)
    with database.write() as connection:
        connection.execute(text("UPDATE counts SET parts = 2 WHERE level_s = 86400"))
    database.close()
    assert "the records have 1 flaw;" in refusal(*verify)
    done = edgeinspect("records", "rebuild", "--data", tmp_path)
    assert "4 counts made anew, 1 of them were wrong" in done
    assert "the records are whole" in edgeinspect(*verify)


def test_no_records_are_not_made(tmp_path: Path) -> None:
    assert "no server has recorded there yet" in refusal("records", "verify", "--data", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_part_is_held_by_its_serial_and_an_earlier_reason_is_said(
    tmp_path: Path,
    make_inspection: Callable[..., Inspection],
    capsys: pytest.CaptureFixture[str],
) -> None:
    context = make_inspection(1).context.model_copy(update={"serial": "EW26-000116"})
    parts = [make_inspection(n, context=context) for n in (1, 2)]
    with closing(open_database(tmp_path / "records.sqlite3")) as database:
        Ingest(database).record(Batch((*parts, make_inspection(3))))
    hold(str(parts[0].id), "complaint 17", data=tmp_path)
    first = capsys.readouterr().out
    assert first.startswith("1 inspection held since ") and first.endswith(": complaint 17\n")
    hold("EW26-000116", "recall", data=tmp_path)
    now, before = capsys.readouterr().out.splitlines()
    assert now.startswith("1 inspection held since ") and now.endswith(": recall")
    assert before.startswith(f"{parts[0].id} was held before, since ")
    assert "complaint 17; that reason stays, 'recall' is not kept" in before
    release("EW26-000116", data=tmp_path)
    assert capsys.readouterr().out == "2 inspections released\n"
    with pytest.raises(RecordsError, match="WRONG is not recorded; check the id or serial"):
        hold("WRONG", "x", data=tmp_path)


def test_the_log_is_shown_and_a_head_kept_elsewhere_is_asked_for(
    tmp_path: Path, make_inspection: Callable[..., Inspection]
) -> None:
    database = open_database(tmp_path / "records.sqlite3")
    part = make_inspection(1)
    Ingest(database).record(Batch((part,)))
    here = ("--data", tmp_path)
    kept = tmp_path / "head.json"
    kept.write_text(edgeinspect("records", "head", "--json", *here), encoding="utf-8")
    assert "the records are whole" in edgeinspect("records", "verify", "--head", kept, *here)
    reason = ("--reason", "complaint 17")
    assert "complaint 17" in edgeinspect("records", "hold", part.id, *reason, *here)
    assert str(part.id) in edgeinspect("records", "holds", *here)
    edgeinspect("records", "release", part.id, *here)
    assert json.loads(edgeinspect("records", "holds", "--json", *here)) == []
    assert "is not held" in refusal("records", "release", part.id, *here)
    edgeinspect("records", "rebuild", *here)
    log = json.loads(edgeinspect("records", "audit", "--json", *here))
    kinds = ["page_closed", "hold_set", "hold_lifted", "counts_rebuilt"]
    assert [entry["what"] for entry in log] == kinds
    assert log[1]["detail"] == {"reason": "complaint 17"} and "@" in log[1]["who"]
    shown = edgeinspect("records", "audit", "--what", "hold_set", *here)
    assert "complaint 17" in shown and "page_closed" not in shown
    with database.write() as connection:  # whoever shortens the log has this much to change
        connection.execute(text("DELETE FROM audit WHERE number = 4"))
        shorter = text("UPDATE audit_head SET number = 3, sha256 = :sha256")
        connection.execute(shorter, {"sha256": log[2]["sha256"]})
    database.close()
    assert "the records are whole" in edgeinspect("records", "verify", *here)
    assert "have 1 flaw" in refusal("records", "verify", "--head", log[3]["sha256"], *here)
    assert "holds no head" in refusal("records", "verify", "--head", __file__, *here)
    assert "is no hash" in refusal("records", "verify", "--head", "nowhere", *here)


def test_a_mistyped_station_is_seen_and_forgotten(
    tmp_path: Path,
    make_inspection: Callable[..., Inspection],
    capsys: pytest.CaptureFixture[str],
) -> None:
    part = make_inspection(1)
    with closing(open_database(tmp_path / "records.sqlite3")) as database:
        Ingest(database).record(Batch((part,)))
        with database.write() as connection:
            hold_stations(connection, [StationAddress(station="stati0n")])
    stations(data=tmp_path)
    typo, right = capsys.readouterr().out.splitlines()
    assert typo.startswith("site/line-1/stati0n  no inspections  0 inspected")
    assert right.startswith(f"{part.address}  last 20")
    forget_station("site/line-1/stati0n", "a typing error", data=tmp_path)
    said = capsys.readouterr().out.replace("\n", " ")
    assert said.startswith("site/line-1/stati0n is forgotten")
    assert "mosquitto_pub -r -n -t 'edgeinspect/v1/site/line-1/stati0n/state'" in said
    with pytest.raises(RecordsError, match="--reason is empty"):
        forget_station(str(part.address), " ", data=tmp_path)
    with pytest.raises(RecordsError, match="'stati0n' names no station; give site, line and"):
        forget_station("stati0n", "x", data=tmp_path)
