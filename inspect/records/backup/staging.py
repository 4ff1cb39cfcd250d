"""Files that come into place together, when all of them are there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ...core.errors import RecordsError
from ...core.whole_file import settle_path

_NAME = ".restoring"


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Give a new folder within `folder`, on the same disk, and remove it afterwards.

    Raises RecordsError when there is one already, and OSError.
    """
    place = folder / _NAME
    folder.mkdir(parents=True, exist_ok=True)
    try:
        place.mkdir()
    except FileExistsError:
        raise RecordsError(
            f"{place}: is there already, so another restore runs, or one was killed; "
            "remove it when none runs."
        ) from None
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def in_place(staged: Path, folder: Path) -> Iterator[None]:
    """Move all that lies in `staged` into `folder`; should the block fail, it is removed again.

    Raises OSError when something of that name is there.
    """
    _settle(staged)  # a database that is committed after this speaks of no file that is not on disk
    moved: list[Path] = []
    try:
        for each in sorted(staged.iterdir()):
            _free(folder / each.name)
            moved.append(each.rename(folder / each.name))
        settle_path(folder)
        yield
    except BaseException:
        for each in moved:
            shutil.rmtree(each, ignore_errors=True)
        raise


def _settle(folder: Path) -> None:
    for inside, _, names in os.walk(folder):
        for name in (*names, ""):
            settle_path(Path(inside, name))


def _free(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.rmdir()  # an empty folder may be in the way, and nothing else
