"""Asks a GigE camera whether it is there, as anybody may, whoever has its control."""

import socket
from contextlib import closing

PORT = 3956
DISCOVERY = bytes((0x42, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01))
"""GigE Vision's DISCOVERY_CMD, which asks for an answer."""
WITHIN_S, TRIES = 0.15, 2


def answers(ip: str) -> bool:
    """Say whether a camera answers at an address, within 0.3 s."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as asking:
        asking.settimeout(WITHIN_S)
        for _ in range(TRIES):
            try:
                asking.sendto(DISCOVERY, (ip, PORT))
                asking.recv(1024)
            except OSError:
                continue
            return True
    return False
