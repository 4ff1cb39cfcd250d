"""Keeps images by the digest of their content, written whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ..core.errors import RecordsError
from ..core.identity import digest
from ..core.limits import MAX_EVIDENCE_BYTES

_MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class EvidenceError(RecordsError):
    """What was sent as evidence is not the image it claims to be."""


class EvidenceStore:
    """A local folder of images: `ab/cd/<sha256>`.

    Raises RecordsError when the folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(folder, error) from None

    def clear_incoming(self) -> None:
        """Remove what a killed process left half written; only the one that writes may do so.

        Raises RecordsError when the folder cannot be written.
        """
        try:
            for half in self._incoming.iterdir():
                half.unlink(missing_ok=True)
        except OSError as error:
            raise _unusable(self._folder, error) from None

    def write(self, sha256: str, content: bytes) -> None:
        """Keep `content`, on disk when this returns; keeping it again changes nothing.

        Raises EvidenceError when it is too large, no JPEG or PNG, or not what `sha256` names;
        RecordsError when the disk will not have it.
        """
        check_evidence(sha256, content)
        path = self._path(sha256)
        if path.exists():
            return
        try:
            self._write_durably(path, content)
        except OSError as error:
            raise _unusable(self._folder, error) from None

    def read(self, sha256: str) -> bytes | None:
        """Return the image, or None when it is not here."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, sha256: str) -> None:
        """Remove the image, if it is here. Raises RecordsError when the disk will not."""
        try:
            self._path(sha256).unlink(missing_ok=True)
        except OSError as error:
            raise _unusable(self._folder, error) from None

    def size(self, sha256: str) -> int:
        """Return the length of the image in bytes, 0 when it is not here."""
        try:
            return self._path(sha256).stat().st_size
        except FileNotFoundError:
            return 0

    def exists(self, sha256: str) -> bool:
        """Say whether the image is here."""
        return self._path(sha256).exists()

    def digests(self) -> Iterator[str]:
        """Give the digest of every image here."""
        return (path.name for path in self._folder.glob("??/??/*"))

    def _path(self, sha256: str) -> Path:
        return place_in(self._folder, sha256)

    def _write_durably(self, path: Path, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._incoming)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        for folder in (path.parent, path.parent.parent, self._folder):
            _sync_folder(folder)


def place_in(folder: Path, sha256: str) -> Path:
    """Return where an image lies in a folder of images."""
    return folder / sha256[:2] / sha256[2:4] / sha256


def check_evidence(sha256: str, content: bytes) -> None:
    """Raise EvidenceError unless `content` is a JPEG or PNG of this digest and a fair size."""
    if len(content) > MAX_EVIDENCE_BYTES:
        raise EvidenceError(
            f"evidence {sha256}: {len(content)} bytes are more than {MAX_EVIDENCE_BYTES}; "
            "compress it more."
        )
    if content_type(content) is None:
        raise EvidenceError(f"evidence {sha256}: neither JPEG nor PNG; send one of these.")
    if digest(content) != sha256:
        raise EvidenceError(f"evidence {sha256}: the content has another digest; send it again.")


def content_type(content: bytes) -> str | None:
    """Return the media type of an image by its first bytes, or None for anything else."""
    kinds = (kind for magic, kind in _MAGIC.items() if content.startswith(magic))
    return next(kinds, None)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unusable(folder: Path, error: OSError) -> RecordsError:
    return RecordsError(
        f"evidence folder {folder}: cannot be written ({error.strerror}); "
        "free space there, or correct its rights."
    )
