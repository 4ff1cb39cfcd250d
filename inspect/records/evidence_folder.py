"""Keeps the images in a folder of this machine."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from errno import ENOSPC
from pathlib import Path

from ..core.disk_reserve import SERVER_RESERVE, Reserve
from ..core.errors import RecordsError
from ..core.whole_file import mend_of, settle, settle_path


class LocalFolder:
    """Images as `ab/cd/<sha256>`; what is being written lies in `incoming`.

    Of its disk `reserve` is left for the records. Raises RecordsError when the folder cannot be
    made or written.
    """

    def __init__(self, folder: Path, reserve: Reserve = SERVER_RESERVE) -> None:
        self._reserve = reserve
        self._folder = folder
        self._incoming = folder / "incoming"
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from None

    def check(self) -> None:
        """Do nothing: a disk answers."""

    def clear_incoming(self) -> None:
        """Remove what a killed process left half written."""
        try:
            for half in self._incoming.iterdir():
                half.unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(error) from None

    def put(self, sha256: str, content: bytes) -> None:
        """Keep an image, on disk when this returns."""
        try:
            if self._reserve.room_bytes(self._folder) < len(content):
                raise OSError(ENOSPC, "its disk is nearly full, and the rest is for records")
            self._write_durably(self._path(sha256), content)
        except OSError as error:
            raise self._unusable(error) from None

    def get(self, sha256: str) -> bytes | None:
        """Return an image, or None when it is not here."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, names: Iterable[str]) -> None:
        """Remove images, those that are here."""
        try:
            for sha256 in names:
                self._path(sha256).unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(error) from None

    def size(self, sha256: str) -> int | None:
        """Return the length of an image in bytes, None when it is not here."""
        try:
            return self._path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def names(self) -> Iterator[str]:
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
                settle(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        for folder in (path.parent, path.parent.parent, self._folder):
            settle_path(folder)

    def _unusable(self, error: OSError) -> RecordsError:
        return RecordsError(
            f"evidence folder {self._folder}: cannot be written ({error.strerror}); "
            f"{mend_of(error)}."
        )


def place_in(folder: Path, sha256: str) -> Path:
    """Return where an image lies in a folder of images."""
    return folder / sha256[:2] / sha256[2:4] / sha256
