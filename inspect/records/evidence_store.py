"""Keeps images by the digest of their content, written whole or not at all."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from ..core.errors import RecordsError
from ..core.identity import digest
from ..core.limits import MAX_EVIDENCE_BYTES
from .evidence_folder import LocalFolder
from .evidence_remote import RemoteFolder

_MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class EvidenceError(RecordsError):
    """What was sent as evidence is not the image it claims to be."""


class DamagedEvidenceError(RecordsError):
    """What is kept as evidence is not any more what was written."""


class ImageFolder(Protocol):
    """Where the images lie. Every method raises RecordsError when the place cannot be used."""

    def check(self) -> None:
        """See whether the place answers."""

    def clear_incoming(self) -> None:
        """Remove what a killed process left half written, now or before the next image is put."""

    def put(self, sha256: str, content: bytes) -> None:
        """Keep an image, whole or not at all, safe when this returns."""

    def get(self, sha256: str) -> bytes | None:
        """Return an image, or None when it is not here."""

    def remove(self, names: Iterable[str]) -> None:
        """Remove images, those that are here."""

    def size(self, sha256: str) -> int | None:
        """Return the length of an image in bytes, None when it is not here."""

    def names(self) -> Iterator[str]:
        """Give the digest of every image here."""


class EvidenceStore:
    """The images of a server: in a folder of this machine, or below an fsspec URL.

    Every method raises RecordsError when the place cannot be used.
    """

    def __init__(self, place: Path | str) -> None:
        self._folder: ImageFolder = (
            LocalFolder(place) if isinstance(place, Path) else RemoteFolder(place)
        )

    def check(self) -> None:
        """See whether the place answers: what holds a lock asks before it takes it."""
        self._folder.check()

    def clear_incoming(self) -> None:
        """Remove what a killed process left half written; only the one that writes may do so."""
        self._folder.clear_incoming()

    def write(self, sha256: str, content: bytes) -> None:
        """Keep `content`, safe when this returns; keeping it again changes nothing.

        Raises EvidenceError when it is too large, no JPEG or PNG, or not what `sha256` names.
        """
        check_evidence(sha256, content)
        if self._folder.size(sha256) != len(content):
            self._folder.put(sha256, content)

    def read(self, sha256: str) -> bytes | None:
        """Return the image, or None when it is not here.

        Raises DamagedEvidenceError when it has another digest.
        """
        content = self._folder.get(sha256)
        if content is not None and digest(content) != sha256:
            raise DamagedEvidenceError(
                f"evidence {sha256}: is damaged where it is kept; a backup may have it whole."
            )
        return content

    def remove(self, names: Iterable[str]) -> None:
        """Remove images, those that are here."""
        self._folder.remove(names)

    def size(self, sha256: str) -> int:
        """Return the length of the image in bytes, 0 when it is not here."""
        return self._folder.size(sha256) or 0

    def exists(self, sha256: str) -> bool:
        """Say whether the image is here."""
        return self._folder.size(sha256) is not None

    def digests(self) -> Iterator[str]:
        """Give the digest of every image here."""
        return self._folder.names()


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
