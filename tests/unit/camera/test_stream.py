"""A network camera's pictures are whole, or none; and why it gives none is said."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Thread
from time import monotonic

import numpy as np
import pytest
from network_cameras import jpeg_of_noise, mjpeg_camera

from edgeinspect.camera.open import check_camera_url
from edgeinspect.camera.stream import StreamDriver
from edgeinspect.core.errors import CameraError
from edgeinspect.core.frame import Frame
from edgeinspect.datasets.images import decode_image

LOOPBACK = "127.0.0.1"


def frames_of(url: str, count: int) -> list[Frame]:
    with closing(StreamDriver(url, "x")) as driver:
        driver.open()
        return [frame for _ in range(count) if (frame := driver.grab(1.0)) is not None]


def test_a_picture_is_the_one_that_the_camera_sent(free_port: Callable[[], int]) -> None:
    with mjpeg_camera(free_port(), lambda _: jpeg_of_noise(7)) as url:
        (frame,) = frames_of(url, 1)
    assert frame.image is not None
    assert np.array_equal(frame.image, decode_image(jpeg_of_noise(7), "sent"))


def test_half_a_picture_is_not_filled_up_with_the_one_before(free_port: Callable[[], int]) -> None:
    def film(number: int) -> bytes:
        jpeg = jpeg_of_noise(number)
        return jpeg[: len(jpeg) // 2] if number % 2 else jpeg

    with mjpeg_camera(free_port(), film) as url:
        frames = frames_of(url, 8)
    assert {frame.image is None for frame in frames} == {True, False}
    assert {frame.unreadable for frame in frames} == {None, "the picture came cut short or damaged"}


def test_a_camera_that_is_set_to_another_size_is_seen_to(free_port: Callable[[], int]) -> None:
    with mjpeg_camera(
        free_port(), lambda number: jpeg_of_noise(number, (64, 48) if number < 6 else (32, 24))
    ) as url:
        sizes = {frame.image.shape for frame in frames_of(url, 10) if frame.image is not None}
    assert sizes == {(48, 64, 3), (24, 32, 3)}


@contextmanager
def says(words: bytes) -> Iterator[int]:
    """Run what answers every question with these words; give its port."""
    with socket.create_server((LOOPBACK, 0)) as server:

        def answer() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(4096)
                    connection.sendall(words)

        thread = Thread(target=answer)
        thread.start()
        try:
            yield int(server.getsockname()[1])
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def refusal(url: str) -> str:
    with pytest.raises(CameraError) as told, closing(StreamDriver(url, "front")) as driver:
        driver.open()
    assert "secret" not in str(told.value)
    return str(told.value)


def test_why_there_are_no_pictures_is_said(free_port: Callable[[], int]) -> None:
    with mjpeg_camera(free_port(), login=("box", "secret")) as url:
        assert refusal(url).startswith("camera front: it asks for a user and password; write them")
        wrong = url.replace("//", "//box:secret1@")
        assert "does not take this user and password" in refusal(wrong)
        known = url.replace("//", "//box:secret@")
        assert len(frames_of(known, 1)) == 1
        assert "nothing at this path" in refusal(known.replace("video.mjpg", "x"))
        assert "(text/html) is no stream of pictures" in refusal(known.replace("video.mjpg", ""))
    assert "nothing listens at that port" in refusal(url)
    assert "nobody knows camera.invalid" in refusal("http://camera.invalid/video.mjpg")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"RTSP/1.0 401 Unauthorized\r\n\r\n", "does not take this user and password"),
        (b"RTSP/1.0 404 Not Found\r\n\r\n", "nothing at this path"),
        (b"RTSP/1.0 503 Busy\r\n\r\n", "it refuses (503)"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no RTSP is spoken there"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "no RTSP is spoken there"),
    ],
)
def test_an_rtsp_camera_is_asked_why(answer: bytes, said: str) -> None:
    with says(answer) as port:
        assert said in refusal(f"rtsp://box:secret@{LOOPBACK}:{port}/stream1")


def test_a_camera_that_takes_connections_and_says_nothing_is_told() -> None:
    began_s = monotonic()
    with socket.create_server((LOOPBACK, 0)) as silent:
        said = refusal(f"http://{LOOPBACK}:{silent.getsockname()[1]}/video.mjpg")
    assert "does not answer; check its power" in said
    assert monotonic() - began_s < 15


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no HTTP is spoken there"),
        (
            b'HTTP/1.1 401 No\r\nWWW-Authenticate: Strange realm="x"\r\n'
            b"Content-Length: 0\r\nConnection: close\r\n\r\n",
            "does not take this user and password; correct them",
        ),
    ],
)
def test_a_stranger_at_the_port_of_a_camera_is_told(answer: bytes, said: str) -> None:
    with says(answer) as port:
        assert said in refusal(f"http://box:secret@{LOOPBACK}:{port}/video.mjpg")


@pytest.mark.parametrize(
    "password", ["secret/12", "secret#12", "12/secret", "12#secret", "a?secret"]
)
def test_a_password_with_a_sign_of_its_own_is_not_shown(password: str) -> None:
    for kind in ("rtsp", "http"):
        with pytest.raises(CameraError, match="%2F %3F %23 and %40") as told:
            check_camera_url(f"{kind}://admin:{password}@10.0.0.5/stream1")
        assert "secret" not in str(told.value)
        assert "12" not in str(told.value)
