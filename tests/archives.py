"""Backups taken apart and put together again, truly listed or not."""

import tarfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from edgeinspect.core.identity import digest
from edgeinspect.records.backup.archive import ArchiveReader, ArchiveWriter, Entry
from edgeinspect.records.backup.forms import Manifest


def taken_apart(archive: Path) -> tuple[list[Entry], Manifest]:
    """Return the files of a backup, and its manifest."""
    with archive.open("rb") as file:
        reader = ArchiveReader(file, str(archive))
        return list(reader.entries()), reader.manifest


def put_together(archive: Path, entries: Iterable[Entry], manifest: Manifest) -> None:
    """Write a backup of these files, all listed; the manifest counts the files, not their rows."""
    with archive.open("wb") as file:
        writer = ArchiveWriter(file, 0)
        for entry in entries:
            writer.add(entry.name, entry.content)
        counted = {"files": writer.files, "bytes": writer.bytes}
        writer.finish(manifest.model_copy(update=counted))


def listed(entries: Iterable[Entry]) -> bytes:
    """Return the list of some files, as in `sums/`."""
    return "".join(f"{digest(each.content)}  {each.name}\n" for each in entries).encode()


def plain_tar(archive: Path, members: Iterable[tuple[tarfile.TarInfo, bytes]]) -> None:
    """Write any tar."""
    with tarfile.open(archive, "w") as tar:
        for info, content in members:
            info.size = len(content)
            tar.addfile(info, BytesIO(content))
