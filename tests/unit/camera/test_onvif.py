"""Network cameras are found by what they answer; rubbish is no camera."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.camera.onvif import GROUP, PORT, NetworkCamera, cameras_in, network_cameras

NAMESPACES = (
    'xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
)
SCOPES = "onvif://www.onvif.org/name/Line%20camera onvif://www.onvif.org/hardware/C-100 other:x"


def answer(services: str, scopes: str = SCOPES) -> bytes:
    return (
        f"<e:Envelope {NAMESPACES}><e:Body><d:ProbeMatches><d:ProbeMatch>"
        f"<d:Scopes>{scopes}</d:Scopes><d:XAddrs>{services}</d:XAddrs>"
        "</d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>"
    ).encode()


def test_an_answer_names_the_camera_at_the_address_it_came_from() -> None:
    services = "http://169.254.1.1/onvif http://10.0.0.5/onvif"
    camera = NetworkCamera("10.0.0.5", "Line camera", "C-100", "http://10.0.0.5/onvif")
    assert list(cameras_in(answer(services), "10.0.0.5")) == [camera]


def test_a_camera_need_not_say_what_it_is() -> None:
    [camera] = cameras_in(answer("http://[bad/onvif", ""), "10.0.0.5")
    assert (camera.name, camera.hardware) == (None, None)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe<\x00",
        b"<e:Envelope/>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        answer(""),
        b"<a>" * 20_000,
    ],
)
def test_rubbish_is_no_camera(payload: bytes) -> None:
    assert list(cameras_in(payload, "10.0.0.5")) == []


@given(st.binary(max_size=200))
def test_no_answer_whatever_raises(noise: bytes) -> None:
    for cut in (0, 50, 200):
        list(cameras_in(answer("http://10.0.0.5/onvif")[:cut] + noise, "10.0.0.5"))


@contextmanager
def camera_on_loopback() -> Iterator[None]:
    """Run what answers every second probe, as a camera on a bad network does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as camera:
        camera.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        camera.bind((GROUP, PORT))
        loopback = struct.pack(
            "4s4si", socket.inet_aton(GROUP), b"\0" * 4, socket.if_nametoindex("lo")
        )
        camera.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, loopback)
        camera.settimeout(0.1)
        ended = Event()

        def serve() -> None:
            heard = 0
            while not ended.is_set():
                try:
                    probe, asker = camera.recvfrom(65_535)
                except TimeoutError:
                    continue
                heard += b"NetworkVideoTransmitter" in probe
                if heard > 1:
                    camera.sendto(b"rubbish", asker)
                    camera.sendto(answer("http://127.0.0.1/onvif"), asker)

        thread = Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def test_a_camera_that_missed_the_first_probe_is_found() -> None:
    with camera_on_loopback():
        found = network_cameras()
    names = [camera.name for camera in found if camera.service == "http://127.0.0.1/onvif"]
    assert names == ["Line camera"]
