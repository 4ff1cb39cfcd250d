"""Records as CSV and Parquet, from every database."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from edgeinspect.core.errors import RecordsError
from edgeinspect.core.finding import Finding
from edgeinspect.core.inspection import Inspection, Measurement, ModelRef, Timings
from edgeinspect.core.part import PartContext
from edgeinspect.core.verdict import Verdict
from edgeinspect.records.batch import Batch
from edgeinspect.records.database import Database
from edgeinspect.records.export.columns import Kind, Rows, columns_of
from edgeinspect.records.export.export import export
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.queries.inspections import Filters
from edgeinspect.records.queries.scope import Scope

START = datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=UTC)
MODEL = ModelRef(name="washer", version=3, sha256="a" * 64, runtime="onnxruntime cpu")
FORMULA = '=HYPERLINK("http://x","见")'


@pytest.fixture
def parts(database: Database, make_inspection: Callable[..., Inspection]) -> list[Inspection]:
    """Six recorded parts, a second apart; the even ones have failed with two findings."""
    dent = {"class": "dent", "score": 0.5, "box_px": (0, 1, 2.5, 3), "area_mm2": 0.25}
    odd = {"class": FORMULA, "score": -1.5, "box_px": (0, 0, 1, 1), "zone": "rim"}
    made = [
        make_inspection(
            number,
            captured_at=START + timedelta(seconds=number),
            score=-0.125 * number,
            threshold=0.5,
            model=MODEL,
            timings_ms=Timings(judge=41.2345678901 + number, act=0.0004),
            verdict=Verdict.PASS if number % 2 else Verdict.FAIL,
            findings=() if number % 2 else tuple(map(Finding.model_validate, (dent, odd))),
            measurements=(Measurement(name="宽", value=1.5, unit="mm"),) if number == 3 else (),
            context=PartContext(serial=f"-S{number // 2}", material_lots=("a", 'b,\n"c"')),
        )
        for number in range(1, 7)
    ]
    Ingest(database).record(Batch(tuple(reversed(made))))
    return made


def exported(database: Database, path: Path, rows: Rows, **filters: Any) -> int:
    seen: list[tuple[int, int]] = []
    excel = bool(filters.pop("excel", False))
    wanted = Filters(**filters)
    written = export(database, wanted, rows, path, excel, lambda *each: seen.append(each))
    assert all(done == number for number, (done, _) in enumerate(seen, 1))
    assert not seen or seen[-1][0] == seen[-1][1]
    return written


def sheet(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_sheet_has_a_row_for_each_inspection(
    database: Database, parts: list[Inspection], tmp_path: Path
) -> None:
    path = tmp_path / "all.csv"
    assert exported(database, path, Rows.INSPECTIONS) == 6
    rows = sheet(path)
    assert [row["inspection_id"] for row in rows] == [str(item.id) for item in parts]
    assert list(rows[1]) == [column.name for column in columns_of(Rows.INSPECTIONS)]
    assert (
        rows[1]
        | {
            "captured_at_utc": "2026-03-02 00:00:01.123",
            "score": "-0.25",
            "serial": "'-S1",
            "classes": f"'{FORMULA}; dent",
            "findings": "2",
            "material_lots": 'a; b,\n"c"',
            "model_version": "3",
            "trigger_ms": "",
            "judge_ms": "43.235",
            "act_ms": "0.0",
            "shift": "",
            "verdict": "fail",
        }
        == rows[1]
    )
    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_findings_and_measurements_have_rows_of_their_own(
    database: Database, parts: list[Inspection], tmp_path: Path
) -> None:
    assert exported(database, tmp_path / "f.csv", Rows.FINDINGS) == 6
    rows = sheet(tmp_path / "f.csv")
    assert {row["inspection_id"] for row in rows} == {str(parts[n].id) for n in (1, 3, 5)}
    assert rows[1]["class"] == f"'{FORMULA}"
    assert (rows[0]["right_px"], rows[0]["area_mm2"], rows[1]["zone"]) == ("2.5", "0.25", "rim")
    assert exported(database, tmp_path / "d.csv", Rows.FINDINGS, class_name="dent") == 3
    assert {row["class"] for row in sheet(tmp_path / "d.csv")} == {"dent"}
    assert exported(database, tmp_path / "m.csv", Rows.MEASUREMENTS) == 1
    assert sheet(tmp_path / "m.csv")[0]["name"] == "宽"


def test_parquet_holds_the_same_with_types(
    database: Database, parts: list[Inspection], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgeinspect.records.export.parquet.GROUP", 2)
    path = tmp_path / "all.parquet"
    assert exported(database, path, Rows.INSPECTIONS) == 6
    table = parquet.read_table(path)
    assert parquet.ParquetFile(path).num_row_groups == 3
    rows = table.to_pylist()
    assert [row["captured_at_utc"] for row in rows] == [item.captured_at for item in parts]
    assert [row["score"] for row in rows] == [item.score for item in parts]
    assert rows[1]["judge_ms"] == parts[1].timings_ms.judge
    assert rows[1]["serial"] == "-S1"
    assert rows[1]["classes"] == f"{FORMULA}; dent"
    kinds = {"string": Kind.TEXT, "int64": Kind.WHOLE, "double": Kind.NUMBER}
    kinds["timestamp[us, tz=UTC]"] = Kind.MOMENT
    assert {field.name: kinds[str(field.type)] for field in table.schema} == {
        column.name: column.kind for column in columns_of(Rows.INSPECTIONS)
    }


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({"since": START + timedelta(seconds=4)}, [4, 5, 6]),
        ({"until": START + timedelta(seconds=3)}, [1, 2]),
        ({"verdict": Verdict.FAIL}, [2, 4, 6]),
        ({"serial": "-S1"}, [2, 3]),
        ({"scope": Scope(station="station-1")}, [1, 2, 3, 4, 5, 6]),
        ({"scope": Scope(line="none")}, []),
    ],
)
def test_filters_hold(
    database: Database,
    parts: list[Inspection],
    tmp_path: Path,
    filters: dict[str, Any],
    numbers: list[int],
) -> None:
    for name in ("some.csv", "some.parquet"):
        assert exported(database, tmp_path / name, Rows.INSPECTIONS, **filters) == len(numbers)
    found = [row["inspection_id"] for row in sheet(tmp_path / "some.csv")]
    assert found == [str(parts[number - 1].id) for number in numbers]
    assert parquet.read_table(tmp_path / "some.parquet")["inspection_id"].to_pylist() == found


def test_excel_is_told_of_utf_8(database: Database, tmp_path: Path) -> None:
    exported(database, tmp_path / "e.csv", Rows.INSPECTIONS, excel=True)
    assert (tmp_path / "e.csv").read_bytes().startswith(b"\xef\xbb\xbfinspection_id,")


@pytest.mark.parametrize(
    ("name", "excel", "why"),
    [
        ("there.csv", False, "is there already"),
        ("x.xlsx", False, r"ends in neither \.csv nor \.parquet"),
        ("x.parquet", True, "Excel does not read Parquet"),
        ("no/x.csv", False, "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_said(
    database: Database, tmp_path: Path, name: str, excel: bool, why: str
) -> None:
    (tmp_path / "there.csv").touch()
    with pytest.raises(RecordsError, match=why):
        exported(database, tmp_path / name, Rows.INSPECTIONS, excel=excel)
    assert not (tmp_path / "x.parquet").exists()


def test_a_fault_on_the_way_leaves_no_part(
    database: Database, parts: list[Inspection], tmp_path: Path
) -> None:
    assert parts

    def fail(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    for name in ("x.csv", "x.parquet"):
        with pytest.raises(KeyboardInterrupt):
            export(database, Filters(), Rows.INSPECTIONS, tmp_path / name, False, fail)
    assert not list(tmp_path.glob("*x.*"))


def test_the_missing_extra_is_named(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgeinspect.records.export.parquet.find_spec", lambda _name: None)
    with pytest.raises(RecordsError, match=r"pip install edgeinspect\[parquet\]"):
        exported(database, tmp_path / "x.parquet", Rows.INSPECTIONS)
