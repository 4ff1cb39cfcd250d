"""A connection outlives whatever the other end sends it."""

import socket
from collections.abc import Callable
from contextlib import closing
from queue import Queue
from threading import Event, Thread
from time import monotonic

import pytest

from edgeinspect.messaging import backoff, steady_client
from edgeinspect.messaging.link import Link
from edgeinspect.settings.tree import MqttSettings

WAIT_S = 20.0
CONNACK = b"\x20\x03\x00\x00\x00"
POISON = {
    "a property that nobody knows": b"\x32\x09\x00\x01a\x00\x01\x03\x7f\x00\x00",
    "a length beyond the packet": b"\x32\x05\xff\xffa\x00\x01",
    "a packet of no kind": b"\x00\x00",
    "an answer to nothing asked": b"\x40\x02\xff\xff",
    "text": b"HTTP/1.1 400 Bad Request\r\n\r\n",
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.1)
    monkeypatch.setattr(steady_client, "FAULT_PAUSE_S", 0.1)


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
def test_poison_ends_one_connection_and_not_the_next(
    free_port: Callable[[], int], poison: bytes
) -> None:
    connected: Queue[None] = Queue()
    port = free_port()
    with closing(socket.create_server(("127.0.0.1", port))) as listener:
        broker = Thread(target=_serve, args=(listener, poison))
        broker.start()
        link = Link(MqttSettings(port=port), "steady", on_connected=lambda: connected.put(None))
        link.open()
        for _ in range(2):
            connected.get(timeout=WAIT_S)
        link.close()
        broker.join(WAIT_S)


def _serve(listener: socket.socket, poison: bytes) -> None:
    """Greet two clients; send the first one poison."""
    for sent in (poison, b""):
        client, _ = listener.accept()
        with closing(client):
            client.recv(1024)
            client.sendall(CONNACK + sent)
            client.settimeout(1.0)
            try:
                client.recv(1024)
            except OSError:
                continue


def test_who_waits_for_a_broker_leaves_at_once(
    free_port: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 60.0)
    assert min(_leaving_s(free_port()) for _ in range(3)) < 0.5


def _leaving_s(port: int) -> float:
    """Return how long it takes to close a connection that has just failed to come about."""
    link, pause = Link(MqttSettings(port=port), "waiting"), Event()
    link.open()
    while not link.nobody_there:
        pause.wait(0.001)
    began_s = monotonic()
    link.close()
    return monotonic() - began_s
