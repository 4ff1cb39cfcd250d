"""The tap between camera and loop: what pausing does to who reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from threading import Thread

import pytest

from edgeinspect.camera.condition import FINE, Condition
from edgeinspect.core.clock import utc_now
from edgeinspect.core.errors import CameraError
from edgeinspect.core.frame import Frame, Image
from edgeinspect.core.reply import MAX_SNAPSHOT_BYTES
from edgeinspect.station.snapshot import picture_of
from edgeinspect.station.tap import Tap, TappedSource

WAIT_S = 10.0


class Trigger:
    """A camera that hands out a frame whenever a test lets it."""

    def __init__(self) -> None:
        self._frames: Queue[Frame | None] = Queue()

    def fire(self) -> None:
        self._frames.put(Frame(None, utc_now(), 0.0, "trigger", unreadable="a test's"))

    def read(self) -> Frame | None:
        return self._frames.get()

    def skip(self) -> None:
        """Nothing is held back."""

    def health(self) -> None:
        """Nothing is counted."""

    def watch(self, listener: Callable[[Condition], object]) -> None:
        listener(FINE)

    def close(self) -> None:
        self._frames.put(None)


@contextmanager
def reading(camera: Trigger, tap: Tap) -> Iterator[Queue[Frame]]:
    """Read through the tap on another thread, until the camera is closed."""
    source, taken = TappedSource(camera, tap), Queue[Frame]()

    def read() -> None:
        while (frame := source.read()) is not None:
            taken.put(frame)

    reader = Thread(target=read)
    reader.start()
    yield taken
    source.close()
    reader.join(WAIT_S)
    assert not reader.is_alive()


def test_the_frame_that_is_waited_for_is_taken_and_no_further_one() -> None:
    camera, tap = Trigger(), Tap()
    with reading(camera, tap) as taken:
        camera.fire()
        taken.get(timeout=WAIT_S)
        assert not tap.shut(0.05)  # the camera waits already
        camera.fire()
        taken.get(timeout=WAIT_S)
        assert tap.shut(WAIT_S)
        camera.fire()
        with pytest.raises(Empty):
            taken.get(timeout=0.2)
        assert tap.frames == 2
        tap.open()
        taken.get(timeout=WAIT_S)


def test_opened_and_shut_again_at_once_it_tells_the_truth() -> None:
    camera, tap = Trigger(), Tap()
    with reading(camera, tap) as taken:
        camera.fire()
        taken.get(timeout=WAIT_S)
        for _ in range(200):
            camera.fire()
            tap.open()
            if tap.shut(0.001):
                frames = tap.frames
                assert taken.qsize() == frames - 1
        tap.open()


def test_where_nobody_reads_it_is_shut_at_once_and_holds_who_comes() -> None:
    camera, tap = Trigger(), Tap()
    assert tap.shut(0.0)
    with reading(camera, tap) as taken:
        camera.fire()
        assert tap.shut(WAIT_S)
        assert taken.empty()
        tap.open()
        taken.get(timeout=WAIT_S)
        camera.close()
    assert tap.shut(0.0)


def test_a_paused_reader_ends_when_the_camera_is_closed_and_cannot_be_held_again() -> None:
    camera, tap = Trigger(), Tap()
    tap.shut(0.0)
    with reading(camera, tap):
        assert tap.shut(WAIT_S)
    assert tap.shut(0.0)
    tap.wait()


def test_a_snapshot_fits_into_a_reply_and_says_why_there_is_none(picture: Image) -> None:
    noise = picture.repeat(60, axis=0).repeat(60, axis=1) ^ picture[0, 0]
    shown = picture_of(Frame(noise, utc_now(), 0.0, "camera"))
    assert shown.jpeg.startswith(b"\xff\xd8")
    assert len(shown.jpeg) <= MAX_SNAPSHOT_BYTES
    with pytest.raises(CameraError, match="no frame has been taken"):
        picture_of(None)
    with pytest.raises(CameraError, match="cannot be looked at \\(dark\\)"):
        picture_of(Frame(None, utc_now(), 0.0, "camera", unreadable="dark"))
