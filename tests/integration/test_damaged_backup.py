"""A damaged backup of a box that is gone: what is sound in it is restored, and nobody is misled."""

import re
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest
from archives import put_together, taken_apart
from processes import edgeinspect, refusal
from sqlalchemy import select

from edgeinspect.core.errors import RecordsError
from edgeinspect.core.identity import digest
from edgeinspect.core.inspection import Evidence, Inspection
from edgeinspect.records.audit.tables import AuditRow
from edgeinspect.records.backup.pack import back_up
from edgeinspect.records.backup.taking import NOTE, Restored
from edgeinspect.records.backup.unpack import RESTORED, Place, restore
from edgeinspect.records.batch import Batch, EvidenceKey
from edgeinspect.records.checks.flaws import Flaw
from edgeinspect.records.database import Database, open_database
from edgeinspect.records.evidence_folder import place_in
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.verify import verify

SETTINGS = {"edgeinspect.toml": b"[site]\n", "recipe-part.toml": b"name = 'part'\n"}


def unheard(_done: int, _total: int) -> None:
    """Show no progress."""


def image_of(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (40, 40, 3), dtype=np.uint8)
    return cv2.imencode(".png", pixels)[1].tobytes()


IMAGES = [image_of(seed) for seed in range(3)]


@pytest.fixture
def archive(tmp_path: Path, make_inspection: Callable[..., Inspection]) -> Path:
    """A backup of three parts, each with an image, and of two files of settings."""
    data, path = tmp_path / "old", tmp_path / "backup.tar"
    database, store = open_database(data / "records.sqlite3"), EvidenceStore(data / "evidence")
    made, stored = [], []
    for number, content in enumerate(IMAGES, 1):
        image = Evidence(sha256=digest(content), width=40, height=40, bytes=len(content))
        made.append(make_inspection(number, evidence=(image,)))
        stored.append(EvidenceKey(made[-1].address, image.sha256))
        store.write(image.sha256, content)
    with closing(database):
        Ingest(database).record(Batch(tuple(made), stored=tuple(stored)))
        back_up(database, store, SETTINGS, path, unheard)
    return path


@pytest.fixture
def new(tmp_path: Path) -> Place:
    """A box on which nothing is kept yet."""
    data = tmp_path / "new"
    return Place(data / "records.sqlite3", data, data / "evidence")


def in_part(archive: Path, place: Place) -> Restored:
    return restore(archive, place, unheard, "li@box", in_part=True)


def spoil(archive: Path, content: bytes) -> None:
    """Change the last byte of a file that is in the backup once."""
    whole = archive.read_bytes()
    assert whole.count(content) == 1
    archive.write_bytes(whole.replace(content, content[:-1] + bytes([content[-1] ^ 1])))


def last_entry(database: Database) -> dict[str, str]:
    with database.read() as connection:
        *_, last = connection.execute(select(AuditRow).order_by(AuditRow.number)).all()
    return {"who": last.who, "what": last.what, "detail": last.detail}


def test_one_bad_image_costs_one_image(archive: Path, new: Place) -> None:
    spoil(archive, IMAGES[1])
    with pytest.raises(RecordsError, match="restore what is sound in this one with --leave-out-"):
        restore(archive, new, unheard)
    done = in_part(archive, new)
    sha256 = digest(IMAGES[1])
    said = f"evidence/{sha256} is damaged (the content has another digest)."
    assert (done.inspections, done.images, done.left_out) == (3, 2, (said,))
    note = (new.data / RESTORED / NOTE).read_bytes()
    assert said in note.decode()
    assert not place_in(new.evidence, sha256).exists()
    with closing(open_database(new.database)) as database:
        (flaw,) = verify(database, EvidenceStore(new.evidence), unheard)
        assert (flaw.flaw, flaw.what) == (Flaw.EVIDENCE_MISSING, sha256)
        entry = last_entry(database)
    assert (entry["who"], entry["what"]) == ("li@box", "restored")
    assert entry["detail"] == f'{{"inspections":3,"left_out":1,"note":"{digest(note)}"}}'


def test_a_bad_file_of_settings_is_not_laid_beside_the_good_one(archive: Path, new: Place) -> None:
    spoil(archive, SETTINGS["recipe-part.toml"])
    with pytest.raises(RecordsError, match=r"recipe-part.toml is not what .*--leave-out-dam"):
        restore(archive, new, unheard)
    done = in_part(archive, new)
    assert done.left_out == ("settings/recipe-part.toml is not what it was when listed.",)
    assert done.settings == ("edgeinspect.toml",)
    there = {path.name for path in (new.data / RESTORED).iterdir()}
    assert there == {"edgeinspect.toml", NOTE}
    assert done.images == 3


def test_a_file_without_its_header_is_told_as_missing(archive: Path, new: Place) -> None:
    spoil(archive, f"evidence/{digest(IMAGES[0])}".encode() + bytes(27) + b"0000600")
    done = in_part(archive, new)
    assert done.left_out == (f"evidence/{digest(IMAGES[0])} is missing or damaged.",)
    assert done.images == 2


def test_a_whole_backup_is_restored_whole(archive: Path, new: Place) -> None:
    done = in_part(archive, new)
    assert (done.inspections, done.images, done.left_out) == (3, 3, ())
    assert {path.name for path in (new.data / RESTORED).iterdir()} == set(SETTINGS)
    with closing(open_database(new.database)) as database:
        assert last_entry(database)["detail"] == '{"inspections":3}'


def test_an_image_on_no_list_is_proved_by_its_name(archive: Path, new: Place) -> None:
    spoil(archive, f"{digest(IMAGES[2])}  e".encode())
    assert in_part(archive, new).left_out == ()


@pytest.mark.parametrize("file", ["header.json", "records/inspections/000000.jsonl.gz"])
def test_damaged_records_are_refused(archive: Path, new: Place, file: str) -> None:
    entries, _ = taken_apart(archive)
    (entry,) = (each for each in entries if each.name == file)
    spoil(archive, entry.content)
    for leave_out in (False, True):
        with pytest.raises(RecordsError) as caught:
            restore(archive, new, unheard, in_part=leave_out)
        assert str(caught.value).endswith("; use another backup.")
    assert [path for path in new.data.rglob("*") if path != new.evidence] == []


def test_a_missing_chunk_of_records_is_refused(archive: Path, new: Place) -> None:
    whole = archive.read_bytes()
    place = whole.index(b"records/sequences")
    archive.write_bytes(whole[:place] + b"X" + whole[place + 1 :])
    with pytest.raises(RecordsError, match=r"records/sequences/.*the records are not whole"):
        in_part(archive, new)


def test_settings_that_no_list_names_are_left_out(archive: Path, new: Place) -> None:
    entries, manifest = taken_apart(archive)
    put_together(archive, entries, manifest)
    whole = archive.read_bytes()
    archive.write_bytes(
        whole.replace(b"  settings/recipe-part.toml", b"  settinXs/recipe-part.toml")
    )
    (said,) = in_part(archive, new).left_out
    assert said == "settings/recipe-part.toml is on no list of the backup, or on a damaged one."


def test_whatever_byte_is_bad_the_rest_is_restored_or_it_is_said_why_not(
    archive: Path, tmp_path: Path
) -> None:
    whole = archive.read_bytes()
    used = len(whole.rstrip(b"\x00"))
    came: set[str] = set()
    for place in range(0, used, 997):
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        data = tmp_path / f"at-{place}"
        box = Place(data / "records.sqlite3", data, data / "evidence")
        try:
            done = in_part(archive, box)
        except RecordsError as error:
            assert re.search("use another backup|a newer EdgeInspect", str(error)), place
            came.add("refused")
            continue
        came.add("in part" if done.left_out else "whole")
        for content in IMAGES:
            path = place_in(box.evidence, digest(content))
            named = any(digest(content) in each for each in done.left_out)
            assert path.exists() != named, place
            assert named or path.read_bytes() == content
        for name, content in SETTINGS.items():
            path = data / RESTORED / name
            named = any(name in each for each in done.left_out)
            assert path.exists() != named, place
            assert named or path.read_bytes() == content
    assert came == {"refused", "in part", "whole"}


def test_the_command_ends_with_1_and_says_what_it_left_out(archive: Path, tmp_path: Path) -> None:
    spoil(archive, IMAGES[1])
    assert "--leave-out-damaged" in refusal("restore", archive, "--data", tmp_path / "new")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        edgeinspect("restore", archive, "--leave-out-damaged", "--data", tmp_path / "new")
    assert caught.value.returncode == 1
    assert "3 inspections and 2 images restored" in caught.value.stdout
    assert f"evidence/{digest(IMAGES[1])} is damaged" in caught.value.stderr.replace("\n", "")
    assert "1 file could not be restored" in caught.value.stderr
    log = edgeinspect("records", "audit", "--what", "restored", "--data", tmp_path / "new")
    assert "left_out" in log
