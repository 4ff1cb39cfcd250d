"""The server's socket."""

import socket
from contextlib import closing

from edgeinspect.api.listener import listen


def test_no_answer_waits_for_an_acknowledgement_of_its_head() -> None:
    with (
        closing(listen("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
