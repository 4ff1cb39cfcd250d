"""The evidence store on a disk that fills up, and what may be a name in it."""

import errno
from pathlib import Path
from shutil import disk_usage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.core.disk_reserve import Reserve
from edgeinspect.core.errors import RecordsError
from edgeinspect.core.identity import digest
from edgeinspect.records.evidence_folder import LocalFolder
from edgeinspect.records.evidence_store import (
    EvidenceError,
    EvidenceStore,
    check_evidence,
)


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


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


def test_an_impossible_folder_is_named() -> None:
    with pytest.raises(RecordsError, match="evidence folder /dev/null/evidence: cannot be written"):
        EvidenceStore(Path("/dev/null/evidence"))


def test_a_disk_that_is_nearly_full_takes_no_more_images(tmp_path: Path) -> None:
    free = disk_usage(tmp_path).free
    full = LocalFolder(tmp_path / "full", Reserve(1.0, 2 * free))
    with pytest.raises(RecordsError, match="its disk is nearly full, and the rest is for records"):
        full.put("a" * 64, b"image")
    assert list(full.names()) == []
    LocalFolder(tmp_path / "roomy", Reserve(1.0, 0)).put("a" * 64, b"image")
