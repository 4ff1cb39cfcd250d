"""The socket that the server listens at."""

import socket

from ..core.errors import ServiceError


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at a port of an address of this machine.

    Raises ServiceError when the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Connections inherit it. Without it an answer's body waits, up to 40 ms, until the other side
    # has acknowledged the head; asyncio sees to that only for sockets of its own making.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise ServiceError(
            f"port {port} on {host} cannot be had ({error.strerror}); "
            "end what uses it, or set server.port to another."
        ) from None
    return listener
