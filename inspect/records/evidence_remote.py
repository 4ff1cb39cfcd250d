"""Keeps the images on another filesystem, by an fsspec URL; fsspec is an extra."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from typing import Any, TypeVar
from uuid import uuid4

from ..core.errors import RecordsError
from .time_limit import TimeLimit

Answer = TypeVar("Answer")

ANSWER_S = 10.0
TRANSFER_S = 60.0
"""An image of 8 MB, or the list of one folder of 256."""
_INCOMING = "incoming"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PASSWORD = re.compile(r"(://[^/:@]*):.*@")


class RemoteFolder:
    """Images as `ab/cd/<sha256>` below a URL; what is being written lies in `incoming`.

    Nothing is asked of the place before it is needed: it may be away when the server starts.
    Every method raises RecordsError when the place cannot be used, or does not answer in time.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._shown = _PASSWORD.sub(r"\1@", url)
        self._limit = TimeLimit("evidence")
        self._connected: tuple[Any, str] | None = None
        self._incoming_is_cleared = True
        _check_can_reach(url.partition(":")[0], self._shown)

    def check(self) -> None:
        """See whether the place answers."""
        self._within(ANSWER_S, lambda fs, root: fs.exists(root))

    def clear_incoming(self) -> None:
        """Have what a killed process left half written removed before the next image is kept."""
        self._incoming_is_cleared = False

    def put(self, sha256: str, content: bytes) -> None:
        """Keep an image: written under another name, moved, and its length looked at."""

        def put(fs: Any, root: str) -> None:
            self._clear(fs, root)
            temporary, path = f"{root}/{_INCOMING}/{uuid4().hex}", _path(root, sha256)
            for each in (temporary, path):
                fs.makedirs(each.rpartition("/")[0], exist_ok=True)
            try:
                fs.pipe_file(temporary, content)
                fs.mv(temporary, path)
            except BaseException:
                with suppress(Exception):  # the first error is the one to tell
                    fs.rm_file(temporary)
                raise
            arrived = _size(fs, path)
            if arrived != len(content):
                with suppress(Exception):
                    fs.rm_file(path)
                raise OSError(f"{arrived} of {len(content)} bytes arrived")

        self._within(TRANSFER_S, put)

    def get(self, sha256: str) -> bytes | None:
        """Return an image, or None when it is not here."""

        def get(fs: Any, root: str) -> bytes | None:
            try:
                return bytes(fs.cat_file(_path(root, sha256)))
            except FileNotFoundError:
                return None

        return self._within(TRANSFER_S, get)

    def remove(self, names: Iterable[str]) -> None:
        """Remove images, those that are here."""
        all_of = tuple(names)

        def remove(fs: Any, root: str) -> None:
            for sha256 in all_of:
                with suppress(FileNotFoundError):
                    fs.rm_file(_path(root, sha256))

        self._within(ANSWER_S, remove)

    def size(self, sha256: str) -> int | None:
        """Return the length of an image in bytes, None when it is not here."""
        return self._within(ANSWER_S, lambda fs, root: _size(fs, _path(root, sha256)))

    def names(self) -> Iterator[str]:
        """Give the digest of every image here."""
        for folder in self._within(TRANSFER_S, _folders):
            yield from self._within(TRANSFER_S, partial(_in, folder))

    def _clear(self, fs: Any, root: str) -> None:
        if not self._incoming_is_cleared:
            for half in _listed(fs, f"{root}/{_INCOMING}"):
                with suppress(FileNotFoundError):
                    fs.rm_file(half)
            self._incoming_is_cleared = True

    def _within(self, limit_s: float, work: Callable[[Any, str], Answer]) -> Answer:
        try:
            return self._limit.run(lambda: work(*self._filesystem()), limit_s)
        except Exception as error:  # noqa: BLE001 - each filesystem raises errors of its own
            self._connected = None  # a connection that broke is made anew
            raise RecordsError(
                f"evidence at {self._shown}: cannot be used ({_said(error)}); "
                "check that it can be reached and written."
            ) from None

    def _filesystem(self) -> tuple[Any, str]:
        if self._connected is None:
            from fsspec.core import url_to_fs

            filesystem, root = url_to_fs(self._url, skip_instance_cache=True)
            self._connected = filesystem, root.rstrip("/")
        filesystem, root = self._connected
        filesystem.invalidate_cache()  # another process removes and adds, too
        return filesystem, root


def _check_can_reach(protocol: str, shown: str) -> None:
    if find_spec("fsspec") is None:
        raise RecordsError(
            f"evidence at {shown}: is reached with fsspec, which is missing; install the extra "
            "`remote`, as in pip install edgeinspect[remote], or leave evidence_url out."
        )
    from fsspec import get_filesystem_class

    try:
        get_filesystem_class(protocol)
    except (ImportError, ValueError) as error:
        raise RecordsError(
            f"evidence at {shown}: nothing here speaks {protocol} ({_said(error)}); "
            "install what does, or name another server.evidence_url."
        ) from None


def _path(root: str, sha256: str) -> str:
    return f"{root}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _size(fs: Any, path: str) -> int | None:
    try:
        return int(fs.info(path)["size"])
    except FileNotFoundError:
        return None


def _listed(fs: Any, path: str) -> list[str]:
    try:
        return [str(each) for each in fs.ls(path, detail=False)]
    except FileNotFoundError:
        return []


def _folders(fs: Any, root: str) -> list[str]:
    """Return the names of the 256 folders of images, those that are there."""
    names = (path.rstrip("/").rpartition("/")[2] for path in _listed(fs, root))
    return [name for name in names if len(name) == 2]


def _in(folder: str, fs: Any, root: str) -> list[str]:
    names = (path.rpartition("/")[2] for path in fs.find(f"{root}/{folder}"))
    return [name for name in names if _DIGEST.fullmatch(name)]


def _said(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200].rstrip(".")
