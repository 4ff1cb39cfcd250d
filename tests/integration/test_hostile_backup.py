"""A file that is no backup, or no longer one, is refused in one sentence and leaves nothing."""

import gzip
import json
import re
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from archives import listed, plain_tar, put_together, taken_apart

from edgeinspect.core.errors import RecordsError
from edgeinspect.core.identity import digest
from edgeinspect.core.inspection import Evidence, Inspection
from edgeinspect.records.backup.archive import Entry
from edgeinspect.records.backup.forms import HEADER
from edgeinspect.records.backup.pack import back_up
from edgeinspect.records.backup.unpack import Place, restore
from edgeinspect.records.batch import Batch, EvidenceKey
from edgeinspect.records.database import open_database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.ingest import Ingest

JPEG = b"\xff\xd8\xff of a part"
ROWS = "records/inspections/000000.jsonl.gz"
Change = Callable[[list[Entry]], list[Entry]]


@pytest.fixture
def archive(tmp_path: Path, make_inspection: Callable[..., Inspection]) -> Path:
    """A backup of three parts and an image."""
    data, path = tmp_path / "old", tmp_path / "backup.tar"
    image = Evidence(sha256=digest(JPEG), width=1, height=1, bytes=len(JPEG))
    made = [make_inspection(n, evidence=(image,)) for n in (1, 2, 3)]
    database, store = open_database(data / "records.sqlite3"), EvidenceStore(data / "evidence")
    store.write(image.sha256, JPEG)
    key = EvidenceKey(made[0].address, image.sha256)
    Ingest(database).record(Batch(tuple(made), stored=(key,)))
    back_up(database, store, {"edgeinspect.toml": b""}, path, lambda _done, _total: None)
    database.close()
    return path


@pytest.fixture
def refused(archive: Path, tmp_path: Path) -> Callable[[], str]:
    """Restore the backup, which must be refused and leave nothing; return the sentence."""

    def restoring() -> str:
        data = tmp_path / "new"
        place = Place(data / "records.sqlite3", data, data / "evidence")
        with pytest.raises(RecordsError) as caught:
            restore(archive, place, lambda _done, _total: None)
        assert [path for path in data.rglob("*") if path != place.evidence] == []
        sentence = str(caught.value)
        assert sentence.endswith(".") and "\n" not in sentence
        return sentence

    return restoring


def _replaced(name: str, content: bytes) -> Change:
    return lambda entries: [
        Entry(name, content) if entry.name == name else entry for entry in entries
    ]


def _header(**changes: object) -> Change:
    def change(entries: list[Entry]) -> list[Entry]:
        header = json.loads(entries[0].content) | changes
        return [Entry(HEADER, json.dumps(header).encode()), *entries[1:]]

    return change


def _without(name: str) -> Change:
    return lambda entries: [entry for entry in entries if not entry.name.startswith(name)]


def _added(name: str, content: bytes) -> Change:
    return lambda entries: [*entries, Entry(name, content)]


def _rows(*lines: str) -> bytes:
    return gzip.compress("\n".join(lines).encode())


def _cells(entries: list[Entry]) -> list[list[object]]:
    (rows,) = (entry for entry in entries if entry.name == ROWS)
    return [json.loads(line) for line in gzip.decompress(rows.content).splitlines()]


def _cell(place: int, value: object) -> Change:
    def change(entries: list[Entry]) -> list[Entry]:
        rows = _cells(entries)
        rows[1][place] = value
        return _replaced(ROWS, _rows(*map(json.dumps, rows)))(entries)

    return change


def _a_row_twice(entries: list[Entry]) -> list[Entry]:
    rows = _cells(entries)
    return _replaced(ROWS, _rows(*map(json.dumps, [rows[0], rows[1], rows[1]])))(entries)


def _one_row_less(entries: list[Entry]) -> list[Entry]:
    return _replaced(ROWS, _rows(*map(json.dumps, _cells(entries)[:2])))(entries)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_header(format="edgeinspect.backup/2"), "a newer EdgeInspect made it"),
        (_header(revision="9999"), "its schema 9999 is of a newer EdgeInspect"),
        (_header(revision="../../x"), "of a newer EdgeInspect"),
        (_header(surprise=1), "its header cannot be read"),
        (
            _header(tables=[{"name": "sqlite_master", "columns": []}]),
            "is not in that schema",
        ),
        (
            _header(tables=[{"name": "meta", "columns": ["id", "x"]}]),
            "other columns than its schema says",
        ),
        (_replaced(HEADER, b"{"), "its header cannot be read"),
        (_without(HEADER), "it is no backup"),
        (_without(ROWS), "table inspections: 0 rows came of 3"),
        (_without("records/meta"), "table meta: 0 rows came of 1"),
        (_without("evidence/"), "its manifest counts other images"),
        (_one_row_less, "table inspections: 2 rows came of 3"),
        (_added(ROWS, _rows("[]")), "has too many cells, or too few"),
        (_added("records/users/000000.jsonl.gz", _rows("[]")), "of a table that it does not name"),
        (
            _added("records/sequences/000001.jsonl.gz", _rows("[1,7,null]")),
            "table sequences: 4 rows came of 3",
        ),
        (_added(HEADER, b"{}"), "it holds header.json twice"),
        (_added("settings/edgeinspect.toml", b""), "it holds settings/edgeinspect.toml twice"),
        (_added(f"evidence/{digest(JPEG)}", JPEG), "twice"),
        (_added(f"evidence/{digest(b'<svg/>')}", b"<svg/>"), "neither JPEG nor PNG"),
        (_added(f"evidence/{'0' * 64}", JPEG), "the content has another digest"),
        (_replaced(ROWS, b"no gzip"), "it cannot be unpacked"),
        (_replaced(ROWS, gzip.compress(b"\n" * (17 << 20))), "it becomes too large"),
        (_replaced(ROWS, gzip.compress(b"[]")[:-3]), "has no end"),
        (_replaced(ROWS, _rows("[" * 100_000)), "nested too deeply"),
        (_replaced(ROWS, _rows('{"a": 1}')), "a row is no list"),
        (_replaced(ROWS, _rows("\x00")), "cannot be read"),
        (_replaced(ROWS, b"\x1f\x8b\x08\xff" * 9), "it cannot be unpacked"),
        (_cell(0, "no id"), "cannot be read"),
        (_cell(0, None), "the database does not take"),
        (_cell(1, 77), "the database does not take"),
        (_cell(1, "1; DROP TABLE meta"), "no whole number"),
        (_cell(3, 2**63), "no whole number"),
        (_cell(3, True), "no whole number"),
        (_cell(4, "yesterday"), "it is no moment"),
        (_cell(4, "0001-01-01T00:00:00Z"), "it is no moment"),
        (_cell(6, "\ud800"), "cannot be read"),
        (_cell(6, "\x00"), "no text that a database holds"),
        (_cell(11, "0.5"), "it is no number"),
        (_a_row_twice, "the database does not take"),
    ],
)
def test_what_is_listed_but_wrong_is_refused(
    archive: Path, refused: Callable[[], str], change: Change, why: str
) -> None:
    entries, manifest = taken_apart(archive)
    put_together(archive, change(entries), manifest)
    assert why in refused()


def test_any_changed_byte_is_noticed(archive: Path, refused: Callable[[], str]) -> None:
    whole = archive.read_bytes()
    used = len(whole.rstrip(b"\x00"))
    for place in range(0, used, 1259):
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert re.search("use another backup|a newer EdgeInspect", refused()), place


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.9])
def test_a_cut_file_is_refused(archive: Path, refused: Callable[[], str], share: float) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * share)])
    assert "use another backup" in refused()


def _link(kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo("evidence/" + "0" * 64)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


@pytest.mark.parametrize(
    "info",
    [
        tarfile.TarInfo("../../etc/cron.d/x"),
        tarfile.TarInfo("/etc/passwd"),
        tarfile.TarInfo("evidence/../../x"),
        tarfile.TarInfo("settings/../x"),
        tarfile.TarInfo("settings/.ssh"),
        tarfile.TarInfo("settings/a\nb"),
        tarfile.TarInfo("a" * 300),
        tarfile.TarInfo("evidence/" + "é" * 32),
        *(_link(kind) for kind in (b"1", b"2", b"3", b"4", b"5", b"6", b"S", b"x", b"g", b"L")),
    ],
    ids=lambda info: f"{info.type.decode()}-{info.name[:20]!r}",
)
def test_names_links_and_devices_are_refused(
    archive: Path, refused: Callable[[], str], tmp_path: Path, info: tarfile.TarInfo
) -> None:
    entries, _ = taken_apart(archive)
    header = tarfile.TarInfo(HEADER)
    plain_tar(archive, [(header, entries[0].content), (info, b"owned")])
    assert "which no backup does" in refused()
    assert {path.name for path in tmp_path.iterdir()} <= {"old", "new", "backup.tar"}


def test_a_size_that_nothing_may_have_is_refused(archive: Path, refused: Callable[[], str]) -> None:
    info = tarfile.TarInfo(HEADER)
    info.size = 1 << 40
    archive.write_bytes(info.tobuf(tarfile.GNU_FORMAT))
    assert "is larger than such a file may be" in refused()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x00" * 1024, b"x" * 2000])
def test_no_tar_at_all_is_refused(
    archive: Path, refused: Callable[[], str], content: bytes
) -> None:
    archive.write_bytes(content)
    assert "use another backup" in refused()


def test_a_folder_a_pipe_or_nothing_is_refused(archive: Path, refused: Callable[[], str]) -> None:
    archive.unlink()
    assert "No such file" in refused()
    archive.mkdir()
    assert "Is a directory" in refused()


def test_the_list_names_what_changed(archive: Path, refused: Callable[[], str]) -> None:
    entries, manifest = taken_apart(archive)
    put_together(archive, entries, manifest)
    line = listed(entries[3:4])
    whole = archive.read_bytes()
    assert whole.count(line) == 1
    archive.write_bytes(whole.replace(line, line.replace(line[:8], b"00000000")))
    assert f"{entries[3].name} is not what it was when listed" in refused()
