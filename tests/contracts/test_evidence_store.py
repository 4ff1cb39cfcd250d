"""Wherever images are kept: whole or not at all, by their digest, and all that walks them works."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
import fsspec
import pytest
from faulty_files import URL, FaultyFileSystem, faulty_files

from edgeinspect.core.clock import utc_now
from edgeinspect.core.errors import RecordsError
from edgeinspect.core.frame import Image
from edgeinspect.core.identity import digest
from edgeinspect.core.inspection import Evidence, Inspection, StationAddress
from edgeinspect.core.limits import MAX_EVIDENCE_BYTES
from edgeinspect.records import evidence_remote
from edgeinspect.records.backup.pack import back_up
from edgeinspect.records.batch import Batch, EvidenceKey
from edgeinspect.records.checks.flaws import Flaw, Found
from edgeinspect.records.database import Database, open_database
from edgeinspect.records.evidence_store import (
    DamagedEvidenceError,
    EvidenceError,
    EvidenceStore,
    content_type,
)
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.retention.policy import retain
from edgeinspect.records.verify import verify
from edgeinspect.settings.tree import RetentionSettings

MakeInspection = Callable[..., Inspection]
IMAGE = b"\xff\xd8\xff" + bytes(1000)
SHA256 = digest(IMAGE)


@pytest.fixture(params=["folder", "file", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """An empty place of each kind; `file` is a folder reached through fsspec."""
    folder = tmp_path / "evidence"
    places: dict[str, str | Path] = {
        "folder": folder,
        "file": f"file://{folder}",
        "memory": f"memory://{uuid4()}/images",
    }
    return places[request.param]


@pytest.fixture
def store(place: str | Path) -> EvidenceStore:
    return EvidenceStore(place)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(f"sqlite:///{tmp_path / 'records.sqlite3'}")) as database:
        yield database


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Iterator[EvidenceStore]:
    """A store on a filesystem with faults, sound at first."""
    monkeypatch.setattr(evidence_remote, "ANSWER_S", 0.2)
    monkeypatch.setattr(evidence_remote, "TRANSFER_S", 0.2)
    with faulty_files() as url:
        yield EvidenceStore(url)


def opened(place: str | Path) -> tuple[Any, str]:
    """Return the filesystem of a place, and the path there, past the product's own code."""
    url = f"file://{place}" if isinstance(place, Path) else place
    system, root = fsspec.core.url_to_fs(url)
    return system, root


def files(place: str | Path) -> list[str]:
    """Return every file at a place, below it."""
    system, root = opened(place)
    return sorted(path.removeprefix(f"{root}/") for path in system.find(root))


def overwrite(place: str | Path, sha256: str, content: bytes) -> None:
    system, root = opened(place)
    system.pipe_file(f"{root}/{sha256[:2]}/{sha256[2:4]}/{sha256}", content)


@pytest.mark.parametrize(("suffix", "kind"), [(".jpg", "image/jpeg"), (".png", "image/png")])
def test_an_image_is_kept_as_it_came(
    store: EvidenceStore, place: str | Path, picture: Image, suffix: str, kind: str
) -> None:
    content = cv2.imencode(suffix, picture)[1].tobytes()
    sha256 = digest(content)
    for _ in range(2):
        store.write(sha256, content)
    assert EvidenceStore(place).read(sha256) == content
    assert content_type(content) == kind
    assert (store.size(sha256), store.exists(sha256)) == (len(content), True)
    assert files(place) == [f"{sha256[:2]}/{sha256[2:4]}/{sha256}"]
    assert list(store.digests()) == [sha256]


def test_what_is_not_here_is_nothing(store: EvidenceStore) -> None:
    store.check()
    store.clear_incoming()
    store.remove([SHA256])
    assert store.read(SHA256) is None
    assert (store.size(SHA256), store.exists(SHA256), list(store.digests())) == (0, False, [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "neither JPEG nor PNG"),
        (b"GIF89a", "neither JPEG nor PNG"),
        (b"\xff\xd8\xff" + bytes(MAX_EVIDENCE_BYTES), "8000003 bytes are more than 8000000"),
    ],
)
def test_what_is_no_evidence_is_refused(
    store: EvidenceStore, place: str | Path, content: bytes, message: str
) -> None:
    with pytest.raises(EvidenceError, match=message):
        store.write(digest(content), content)
    assert files(place) == []


def test_what_is_removed_is_gone(store: EvidenceStore, place: str | Path) -> None:
    store.write(SHA256, IMAGE)
    store.remove(["0" * 64, SHA256])
    assert files(place) == []


@pytest.mark.parametrize("damaged", [IMAGE[:-1], IMAGE[:-1] + b"x"])
def test_a_damaged_image_is_not_given_out(
    store: EvidenceStore, place: str | Path, damaged: bytes
) -> None:
    store.write(SHA256, IMAGE)
    overwrite(place, SHA256, damaged)
    with pytest.raises(DamagedEvidenceError, match=f"evidence {SHA256}: is damaged"):
        store.read(SHA256)


def test_what_a_killed_server_left_half_written_is_removed(
    store: EvidenceStore, place: str | Path
) -> None:
    other = IMAGE + b"more"
    store.write(SHA256, IMAGE)
    system, root = opened(place)
    system.pipe_file(f"{root}/incoming/half", IMAGE[:5])
    again = EvidenceStore(place)
    again.write(digest(other), other)
    assert "incoming/half" in files(place)  # it may be another process's, which is at work
    again.clear_incoming()
    again.write(digest(IMAGE + b"last"), IMAGE + b"last")
    assert "incoming/half" not in files(place)
    assert len(set(again.digests())) == 3


def test_all_that_walks_the_images_works(
    store: EvidenceStore,
    place: str | Path,
    records: Database,
    make_inspection: MakeInspection,
    tmp_path: Path,
) -> None:
    kept = []
    for number in range(1, 6):
        content = IMAGE + bytes([number])
        sha256 = digest(content)
        image = Evidence(sha256=sha256, width=1, height=1, bytes=len(content))
        store.write(sha256, content)
        part = make_inspection(number, evidence=(image,))
        key = EvidenceKey(StationAddress(), sha256, len(content))
        Ingest(records).record(Batch((part,), stored=(key,)))
        kept.append(sha256)

    def flaws() -> list[Found]:
        return list(verify(records, store, lambda _done, _total: None))

    assert flaws() == []
    done = back_up(records, store, {}, tmp_path / "backup.tar", lambda _done, _total: None)
    assert (done.images, done.missing) == (5, 0)
    store.write(SHA256, IMAGE)
    store.remove(kept[:1])
    overwrite(place, kept[1], IMAGE[:-1])
    assert set(flaws()) == {
        Found(Flaw.EVIDENCE_MISSING, kept[0]),
        Found(Flaw.EVIDENCE_DAMAGED, kept[1]),
        Found(Flaw.EVIDENCE_ORPHAN, SHA256),
    }
    retain(records, store, RetentionSettings(evidence_days=1), utc_now().replace(year=2200))
    assert flaws() == [Found(Flaw.EVIDENCE_ORPHAN, SHA256)]
    assert list(store.digests()) == [SHA256]


@pytest.mark.parametrize("fault", ["forgets", "fails"])
def test_what_arrives_by_half_is_not_kept(
    faulty: EvidenceStore, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(FaultyFileSystem, fault, True)
    said = "501 of 1003 bytes arrived" if fault == "forgets" else "the cable"
    with pytest.raises(RecordsError) as refused:
        faulty.write(SHA256, IMAGE)
    assert str(refused.value) == (
        f"evidence at faulty://evidence: cannot be used ({said}); "
        "check that it can be reached and written."
    )
    assert files(URL) == []
    monkeypatch.setattr(FaultyFileSystem, fault, False)
    faulty.write(SHA256, IMAGE)
    assert faulty.read(SHA256) == IMAGE


def test_a_place_that_does_not_answer_is_not_awaited_for_ever(
    faulty: EvidenceStore, records: Database
) -> None:
    FaultyFileSystem.answering.clear()
    works: list[Callable[[], object]] = [
        lambda: faulty.write(SHA256, IMAGE),
        faulty.check,
        lambda: retain(records, faulty, RetentionSettings(evidence_days=1), utc_now()),
        *[lambda: faulty.exists(SHA256)] * 10,  # more than may hang at once
    ]
    for work in works:
        with pytest.raises(RecordsError, match=r"no answer in 0\.2 s"):
            work()
    FaultyFileSystem.answering.set()
    while True:
        try:
            faulty.write(SHA256, IMAGE)
            break
        except RecordsError:
            pass
    assert faulty.read(SHA256) == IMAGE


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("carrier-pigeon://roof/evidence", "nothing here speaks carrier-pigeon"),
        ("s3://bucket/evidence", "nothing here speaks s3 .*s3fs"),
    ],
)
def test_a_place_nobody_here_can_reach_is_refused_at_once(url: str, said: str) -> None:
    with pytest.raises(RecordsError, match=said):
        EvidenceStore(url)


def test_without_fsspec_the_extra_is_named_and_a_local_folder_takes_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("edgeinspect.records.evidence_remote.find_spec", lambda _name: None)
    with pytest.raises(RecordsError, match=r"nas/e: .* pip install edgeinspect\[remote\]") as said:
        EvidenceStore("sftp://me:secret@nas/e")
    assert "secret" not in str(said.value)
    EvidenceStore(tmp_path).write(SHA256, IMAGE)
