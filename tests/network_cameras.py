"""Network cameras that can be unplugged: MJPEG over HTTP, and RTSP."""

import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Event, Thread

import cv2
import numpy as np
from processes import wait_for_port
from required import missing

RATE = 20
SYSTEM_PYTHON = "/usr/bin/python3"


Film = Callable[[int], bytes]
"""Gives the JPEG of a number, counted from 0."""


def jpeg_of_noise(number: int, size: tuple[int, int] = (64, 48)) -> bytes:
    """Return a picture as of a sensor, never twice the same."""
    width, height = size
    picture = np.random.default_rng(number).integers(0, 255, (height, width, 3), np.uint8)
    return cv2.imencode(".jpg", picture)[1].tobytes()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, film: Film, login: tuple[str, str] | None) -> None:
        super().__init__(("127.0.0.1", port), _Camera)
        self.unplugged = Event()
        self.film = film
        self.login = login


class _Camera(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        if server.login is not None and self.headers["Authorization"] != _basic(*server.login):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="camera"')
            self.end_headers()
            return
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            return
        if self.path != "/video.mjpg":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        for number in count():
            if server.unplugged.wait(1 / RATE):
                return
            jpeg = server.film(number)
            head = f"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + jpeg + b"\r\n")
            except OSError:
                return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name is given
        """Say nothing."""


def _basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


@contextmanager
def rtsp_camera(port: int) -> Iterator[str]:
    """Run an RTSP camera on a loopback port, and unplug it at the end; give its URL."""
    can = [SYSTEM_PYTHON, "-c", "import gi; gi.require_version('GstRtspServer', '1.0')"]
    if subprocess.run(can, check=False, stderr=subprocess.DEVNULL).returncode:
        missing("GStreamer's RTSP server: apt-get install gir1.2-gst-rtsp-server-1.0 python3-gi")
    script = Path(__file__).with_name("rtsp_camera.py")
    camera = subprocess.Popen([SYSTEM_PYTHON, str(script), str(port)])
    try:
        wait_for_port(port)
        yield f"rtsp://127.0.0.1:{port}/stream1"
    finally:
        camera.kill()
        camera.wait()


@contextmanager
def mjpeg_camera(
    port: int, film: Film = jpeg_of_noise, login: tuple[str, str] | None = None
) -> Iterator[str]:
    """Run a camera on a loopback port, and unplug it at the end; give its URL."""
    server = _Server(port, film, login)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}/video.mjpg"
    finally:
        server.unplugged.set()
        server.shutdown()
        server.server_close()
        thread.join()
