"""Reads of a damaged backup what is sound, where the box it was made of is gone.

An image is proved by its name, which is its digest; settings by their list; the records by their
list, their counts and every check of the database, or nothing is restored.
"""

import sys
import tarfile
from collections.abc import Mapping
from typing import BinaryIO, ClassVar

from pydantic import ValidationError

from .archive import BLOCK, ArchiveReader, header_in, is_of_records, may_be_called
from .forms import Manifest

_GONE = "is missing or damaged"


class SoundReader(ArchiveReader):
    """Reads the files of a backup and passes over what is damaged, but for the records.

    Raises ArchiveError when the records themselves cannot be proved to be whole, and OSError.
    """

    in_part: ClassVar[bool] = True
    _unlisted_at_most: ClassVar[int] = sys.maxsize

    def __init__(self, file: BinaryIO, name: str) -> None:
        super().__init__(file, name)
        self._amiss: dict[str, str] = {}

    @property
    def amiss(self) -> Mapping[str, str]:
        """Name every file that is not to be used, and why."""
        return self._amiss

    def pass_over(self, name: str, why: str) -> None:
        """Note that a file is not to be used; raise ArchiveError when it is one of the records."""
        if is_of_records(name):
            raise self.refusal(f"{name} {why}, and without it the records are not whole")
        self._amiss.setdefault(name, why)

    def _compare(self, content: bytes) -> None:
        said = _by_name(content.decode("ascii", "replace").splitlines())
        found = _by_name(self._listed)
        self._listed.clear()
        for name in sorted(said.keys() | found.keys()):
            if said.get(name) == found.get(name) or name == f"evidence/{found.get(name)}":
                continue
            if name not in found:
                self.pass_over(name, _GONE)
            elif name in said:
                self.pass_over(name, "is not what it was when listed")
            else:
                self.pass_over(name, "is on no list of the backup, or on a damaged one")

    def _end(self, content: bytes) -> None:
        self._compare(b"")
        try:
            self._manifest = Manifest.model_validate_json(content)
        except ValidationError:
            raise self.refusal(
                "its manifest cannot be read, and without it the records cannot be counted"
            ) from None

    def _header(self) -> tarfile.TarInfo | None:
        """Return the next header that is whole, wherever the next block with one lies."""
        while len(block := self._file.read(BLOCK)) == BLOCK:
            if (info := header_in(block)) is not None:
                return info
        return None

    def _odd_padding(self) -> None:
        """Do nothing: the content is proved without it."""


def _by_name(lines: list[str]) -> dict[str, str]:
    """Return the digests of a list by the names; a line that is none of a list is passed over."""
    parted = (line.strip().partition("  ") for line in lines)
    return {name: sha256 for sha256, _, name in parted if may_be_called(name)}
