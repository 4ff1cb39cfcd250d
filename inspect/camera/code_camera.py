"""A second camera that looks at the code alone: asked for its picture of the moment of a part."""

from collections import deque
from threading import Condition as Waiting
from time import monotonic

from ..core.address import camera_device, shown
from ..core.errors import CameraError
from ..core.frame import Frame
from .live import LiveSource
from .open import check_camera_url, is_live, open_camera

KEPT_S = 3.0
"""A part that waited longer for the judge is told that its picture is gone."""
KEPT_BYTES = 200_000_000
"""The oldest pictures go first: a part seldom waits, and the newest is asked for most."""


class CodeCamera:
    """The newest pictures of a live camera that runs freely, found by when they were taken.

    `within_s` is how far from the moment asked for a picture may have been taken.
    """

    def __init__(self, source: LiveSource, within_s: float) -> None:
        self._source = source
        self._within_s = within_s
        self._changed = Waiting()
        self._frames: deque[Frame] = deque()
        self._bytes = 0
        self._closed = False
        source.show_to(self._keep)

    @property
    def trouble(self) -> str | None:
        """What the camera suffers from at present, in a sentence; None while it is well."""
        said = self._source.trouble
        return said and f"the code camera: {said}"

    def nearest(self, at_s: float) -> Frame | str:
        """Return the picture taken nearest to `at_s` (monotonic), or why there is none.

        While the camera is well, waits for the first picture behind that moment, and no longer
        than `within_s` after it. A picture that cannot be looked at is returned with its cause.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or self._is_past(at_s) or self._source.trouble is not None,
                max(0.0, at_s + self._within_s - monotonic()),
            )
            nearest = min(self._frames, key=lambda each: abs(each.captured_s - at_s), default=None)
        if nearest is not None and abs(nearest.captured_s - at_s) <= self._within_s:
            return nearest
        if (trouble := self.trouble) is not None:
            return trouble
        return f"the code camera has no picture within {self._within_s * 1e3:g} ms of the part"

    def close(self) -> None:
        """Let go of the camera; may be called twice."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._source.close()

    @property
    def _oldest_s(self) -> float:
        return monotonic() - self._frames[0].captured_s

    def _is_past(self, at_s: float) -> bool:
        return bool(self._frames) and self._frames[-1].captured_s >= at_s

    def _keep(self, frame: Frame) -> None:
        with self._changed:
            self._frames.append(frame)
            self._bytes += _size(frame)
            while len(self._frames) > 1 and (self._bytes > KEPT_BYTES or self._oldest_s > KEPT_S):
                self._bytes -= _size(self._frames.popleft())
            self._changed.notify_all()


def open_code_camera(url: str | None, within_ms: float) -> CodeCamera | None:
    """Open the camera that `url` names; None where none is named. Raises CameraError."""
    if url is None:
        return None
    check_code_camera(url, "")
    source = open_camera(url)
    assert isinstance(source, LiveSource)
    return CodeCamera(source, within_ms / 1e3)


def check_code_camera(url: str | None, camera: str) -> None:
    """Raise CameraError for a URL that names no live camera, or the very one that takes parts."""
    if url is None:
        return
    try:
        check_camera_url(url)
    except CameraError as error:
        raise CameraError(f"station.code_camera: {error}") from None
    if not is_live(url):
        raise CameraError(
            f"{shown(url)}: hands out what it has when it is asked, and the code is read in the "
            "picture of a moment; set station.code_camera to a live camera."
        )
    device = camera_device(url)
    if url == camera or (device is not None and device == camera_device(camera)):
        raise CameraError(
            f"{shown(url)}: is station.camera too, in whose frame a code is read without more "
            "words; leave station.code_camera out, or name another camera."
        )


def _size(frame: Frame) -> int:
    return 0 if frame.image is None else frame.image.nbytes
