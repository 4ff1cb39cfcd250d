"""The file a backup is: a plain tar, written and read as a stream, every file listed by digest.

Beside every 10,000 files lies their list, `sums/000000` and so on, in the form of `sha256sum`; the
last file is the manifest. Only plain files with names of our own are read: no links, no folders,
no extensions of the format, nothing larger than its kind may be.
"""

import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, ClassVar

from pydantic import ValidationError

from ...core.errors import RecordsError
from ...core.identity import digest
from ...core.limits import MAX_EVIDENCE_BYTES
from .forms import HEADER, MANIFEST, Manifest

LISTED_AT_ONCE = 10_000
LEAVE_OUT = "--leave-out-damaged"
"""The option of `edgeinspect restore` by which a damaged backup is read as far as it is sound."""
MAX_BYTES = {
    HEADER: 1 << 20,
    "records": 32 << 20,
    "evidence": MAX_EVIDENCE_BYTES,
    "settings": 128 << 20,
    "sums": 2 << 20,
    MANIFEST: 1 << 20,
}
"""How large a file may be, by where it lies."""
_NAME = re.compile(
    rf"{HEADER}|{MANIFEST}|records/[a-z_]{{1,48}}/\d{{6}}\.jsonl\.gz|evidence/[0-9a-f]{{64}}"
    r"|settings/[A-Za-z0-9][A-Za-z0-9._-]{0,63}|sums/\d{6}"
)
BLOCK = tarfile.BLOCKSIZE
_END = bytes(BLOCK)


class ArchiveError(RecordsError):
    """A file is no backup, or not as it was when it was made."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a backup."""

    name: str
    content: bytes


class ArchiveWriter:
    """Writes files one after the other. Raises OSError when that cannot be."""

    def __init__(self, file: BinaryIO, made_at_s: int) -> None:
        self._file = file
        self._made_at_s = made_at_s
        self._listed: list[str] = []
        self._lists = 0
        self.files = self.bytes = 0

    def add(self, name: str, content: bytes) -> None:
        """Add a file, and list it."""
        self._write(name, content)
        self._listed.append(line_of(name, content))
        self.files += 1
        self.bytes += len(content)
        if len(self._listed) == LISTED_AT_ONCE:
            self._write_list()

    def finish(self, manifest: Manifest) -> None:
        """Add the last list and the manifest, and end the file."""
        if self._listed:
            self._write_list()
        self._write(MANIFEST, manifest.model_dump_json(indent=2).encode())
        self._file.write(2 * _END)

    def _write_list(self) -> None:
        self._write(f"sums/{self._lists:06}", "".join(self._listed).encode())
        self._lists += 1
        self._listed.clear()

    def _write(self, name: str, content: bytes) -> None:
        assert _NAME.fullmatch(name) and len(content) <= _limit(name), name
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = len(content), 0o600, self._made_at_s
        self._file.write(info.tobuf(tarfile.USTAR_FORMAT))
        self._file.write(content)
        self._file.write(bytes(-len(content) % BLOCK))


class ArchiveReader:
    """Reads the files of a backup that must be whole. Raises ArchiveError, and OSError."""

    in_part: ClassVar[bool] = False
    """Whether what is damaged is passed over."""
    _unlisted_at_most: ClassVar[int] = LISTED_AT_ONCE

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._listed: list[str] = []
        self.files = self.bytes = 0

    def entries(self) -> Iterator[Entry]:
        """Give every file but lists and manifest; they are proved once this has ended."""
        while (entry := self._next()) is not None:
            if entry.name == MANIFEST:
                self._end(entry.content)
                return
            if entry.name.startswith("sums/"):
                self._compare(entry.content)
                continue
            self._listed.append(line_of(entry.name, entry.content))
            if len(self._listed) > self._unlisted_at_most:
                raise self.refusal("more files than it lists")
            self.files += 1
            self.bytes += len(entry.content)
            yield entry
        raise self.refusal("it is cut off")

    @property
    def manifest(self) -> Manifest:
        """What the backup says must have been in it; there is one when `entries` has ended."""
        return self._manifest

    @property
    def amiss(self) -> Mapping[str, str]:
        """Name every file that is not to be used, and why; none where the backup must be whole."""
        return {}

    def refusal(self, why: str) -> ArchiveError:
        """Return the error that says why the file is refused."""
        return ArchiveError(f"{self._name}: {why}; use another backup.")

    def pass_over(self, name: str, why: str) -> None:
        """Raise the error that says why the file is refused, and how to have the rest of it."""
        if is_of_records(name):
            raise self.refusal(f"{name} {why}")
        raise self._damage(f"{name} {why}")

    def _damage(self, why: str) -> ArchiveError:
        return ArchiveError(
            f"{self._name}: {why}; use another backup, or, where there is none, restore what is "
            f"sound in this one with {LEAVE_OUT}."
        )

    def _compare(self, content: bytes) -> None:
        listed = content.decode("ascii", "replace").splitlines(keepends=True)
        if listed != self._listed:
            odd = next((found for found, said in zip(self._listed, listed) if found != said), "")  # noqa: B905
            self.pass_over(odd[66:].strip() or "a file", "is not what it was when listed")
        self._listed.clear()

    def _end(self, content: bytes) -> None:
        try:
            self._manifest = Manifest.model_validate_json(content)
        except ValidationError:
            raise self.refusal("its manifest cannot be read") from None
        said = (self._manifest.files, self._manifest.bytes)
        if self._listed or said != (self.files, self.bytes):
            raise self.refusal("files are missing, or more than it lists")

    def _next(self) -> Entry | None:
        info = self._header()
        if info is None:
            return None
        padded = -(-info.size // BLOCK) * BLOCK
        content = self._file.read(padded)
        if len(content) < padded:
            raise self.refusal("it is cut off")
        if any(content[info.size :]):
            self._odd_padding()
        return Entry(info.name, content[: info.size])

    def _header(self) -> tarfile.TarInfo | None:
        """Return the next header; None at the end."""
        block = self._file.read(BLOCK)
        if not block or block == _END:
            return None
        if len(block) < BLOCK:
            raise self.refusal("it is cut off")
        try:
            info = tarfile.TarInfo.frombuf(block, "ascii", "replace")
        except tarfile.HeaderError:
            if self.files:
                raise self._damage("it is damaged") from None
            raise self.refusal("it is no backup, or damaged") from None
        if info.type != tarfile.REGTYPE or not _NAME.fullmatch(info.name):
            raise self.refusal(f"it holds {info.name[:100]!r}, which no backup does")
        if not 0 <= info.size <= _limit(info.name):
            raise self.refusal(f"{info.name} is larger than such a file may be")
        return info

    def _odd_padding(self) -> None:
        raise self._damage("it is damaged")


def header_in(block: bytes) -> tarfile.TarInfo | None:
    """Return the header of a file of a backup; None when the block is no such header."""
    try:
        info = tarfile.TarInfo.frombuf(block, "ascii", "replace")
    except tarfile.HeaderError:
        return None
    named = info.type == tarfile.REGTYPE and _NAME.fullmatch(info.name)
    return info if named and 0 <= info.size <= _limit(info.name) else None


def is_of_records(name: str) -> bool:
    """Say whether nothing can be restored without this file."""
    return name in (HEADER, MANIFEST) or name.startswith("records/")


def may_be_called(name: str) -> bool:
    """Say whether a file of a backup may be called so."""
    return _NAME.fullmatch(name) is not None


def line_of(name: str, content: bytes) -> str:
    """Return the line of a file in a list."""
    return f"{digest(content)}  {name}\n"


def _limit(name: str) -> int:
    return MAX_BYTES[name.split("/")[0]]
