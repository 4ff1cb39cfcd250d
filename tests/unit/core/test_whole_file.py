"""Files are there whole, or not at all."""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from full_disk import full_disk

from edgeinspect.core import whole_file
from edgeinspect.core.whole_file import create_file, mend_of, replace_file, try_place

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


class _CtrlC:
    """Comes at one line of the module, counted as they are run; `came` says whether it did."""

    def __init__(self, at: int) -> None:
        self.left, self.came = at, False

    def __call__(self, frame: FrameType, event: str, _value: Any) -> Any:
        if frame.f_code.co_filename != whole_file.__file__:
            return None
        if event == "line":
            self.left -= 1
            if self.left == 0:
                self.came = True
                raise KeyboardInterrupt
        return self


# Between the lines of a `with` nobody closes the file but its end, which Python warns of.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("write", WRITERS)
def test_ctrl_c_at_any_line_leaves_all_or_nothing(
    write: Callable[[Path, bytes], None], tmp_path: Path
) -> None:
    before, at = sys.gettrace(), 0
    while True:
        at += 1
        ctrl_c = _CtrlC(at)
        sys.settrace(ctrl_c)
        try:
            write(tmp_path / "a", b"whole")
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(before)
        left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert left in ({}, {"a": b"whole"}), at
        if not ctrl_c.came:
            break
        (tmp_path / "a").unlink(missing_ok=True)
    assert at > 10
    assert left


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


def test_a_place_is_tried_and_nothing_is_left_there(tmp_path: Path) -> None:
    try_place(tmp_path / "model.onnx")
    with full_disk(), pytest.raises(OSError, match="File too large"):
        try_place(tmp_path / "model.onnx")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("number", "mend"),
    [
        (errno.EROFS, "name a folder that may be written to"),
        (errno.EACCES, "name a folder that may be written to"),
        (errno.ENOSPC, "check folder and free space"),
    ],
)
def test_free_space_is_no_answer_to_a_folder_that_is_read_only(number: int, mend: str) -> None:
    assert mend_of(OSError(number, "refused")) == mend
