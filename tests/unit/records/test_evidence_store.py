"""The evidence store on a real disk."""

import errno
from pathlib import Path

import cv2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.core.errors import RecordsError
from edgeinspect.core.frame import Image
from edgeinspect.core.identity import digest
from edgeinspect.core.limits import MAX_EVIDENCE_BYTES
from edgeinspect.records.evidence_store import (
    EvidenceError,
    EvidenceStore,
    check_evidence,
    content_type,
)


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


@pytest.mark.parametrize(("suffix", "kind"), [(".jpg", "image/jpeg"), (".png", "image/png")])
def test_an_image_is_kept_as_it_came(
    store: EvidenceStore, picture: Image, tmp_path: Path, suffix: str, kind: str
) -> None:
    content = cv2.imencode(suffix, picture)[1].tobytes()
    sha256 = digest(content)
    for _ in range(2):
        store.write(sha256, content)
    assert store.read(sha256) == content
    assert content_type(content) == kind
    files = [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
    assert files == [tmp_path / "evidence" / sha256[:2] / sha256[2:4] / sha256]


def test_what_is_not_here_is_nothing(store: EvidenceStore) -> None:
    assert store.read("0" * 64) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "neither JPEG nor PNG"),
        (b"GIF89a", "neither JPEG nor PNG"),
        (b"\xff\xd8\xff" + bytes(MAX_EVIDENCE_BYTES), "8000003 bytes are more than 8000000"),
    ],
)
def test_what_is_no_evidence_is_refused(
    store: EvidenceStore, tmp_path: Path, content: bytes, message: str
) -> None:
    with pytest.raises(EvidenceError, match=message):
        store.write(digest(content), content)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@given(name=st.text(max_size=70), content=st.binary(max_size=20))
def test_only_the_digest_of_the_content_is_a_name(name: str, content: bytes) -> None:
    image = b"\xff\xd8\xff" + content
    with pytest.raises(EvidenceError, match="has another digest"):
        check_evidence(name, image)
    check_evidence(digest(image), image)


def test_a_full_disk_leaves_no_half_image(
    store: EvidenceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"\xff\xd8\xff and more"

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RecordsError, match="No space left on device"):
        store.write(digest(content), content)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_a_killed_server_left_half_written_is_removed(
    store: EvidenceStore, tmp_path: Path
) -> None:
    content = b"\xff\xd8\xff and more"
    store.write(digest(content), content)
    half = tmp_path / "evidence" / "incoming" / "tmpabc"
    half.write_bytes(content[:5])
    again = EvidenceStore(tmp_path / "evidence")
    assert half.exists()  # it may be another process's, which is at work
    again.clear_incoming()
    assert not half.exists()
    assert again.read(digest(content)) == content


def test_an_impossible_folder_is_named() -> None:
    with pytest.raises(RecordsError, match="evidence folder /dev/null/evidence: cannot be written"):
        EvidenceStore(Path("/dev/null/evidence"))
