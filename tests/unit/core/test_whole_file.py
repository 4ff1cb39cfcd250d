"""Files are there whole, or not at all."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from edgeinspect.core.whole_file import create_file, replace_file

WRITERS = [replace_file, create_file]


@pytest.mark.parametrize("write", WRITERS)
def test_a_file_is_written_with_its_rights(
    write: Callable[[Path, bytes, int], None], tmp_path: Path
) -> None:
    write(tmp_path / "a", b"whole", 0o600)
    assert (tmp_path / "a").read_bytes() == b"whole"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_a_write_that_is_broken_off_leaves_nothing(
    write: Callable[[Path, bytes], None],
    stop: type[BaseException],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken_off(_handle: int) -> None:
        raise stop

    monkeypatch.setattr(os, "fsync", broken_off)
    with pytest.raises(stop):
        write(tmp_path / "a", b"half")
    assert list(tmp_path.iterdir()) == []


def test_what_was_there_stays_until_the_new_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with monkeypatch.context() as patched, pytest.raises(TypeError):
        patched.setattr(os, "fsync", None)
        replace_file(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    replace_file(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_nothing_is_created_over_a_file_or_a_link(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    for name in ("a", "link"):
        with pytest.raises(FileExistsError):
            create_file(tmp_path / name, b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert not (tmp_path / "gone").exists()
