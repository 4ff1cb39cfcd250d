"""A paho client that hears and acknowledges thousands of messages a second."""

from collections.abc import Iterable
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import MQTTErrorCode

READ_BYTES = 1 << 16


class SwiftClient(paho.Client):
    """Reads much at a time, and writes many acknowledgements at once.

    Left to itself paho asks the socket four times for each message, and wakes its thread and
    writes once for each acknowledgement. Each of these lets other threads run in between, so a
    busy one starves it.
    """

    _unread: bytes = b""
    _read: int = 0

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Handle everything that has been read; paho would wait for more after each message."""
        result = super().loop_read(max_packets)
        while self._unread and not result:
            result = super().loop_read(max_packets)
        return result

    def acknowledge(self, numbers: Iterable[int]) -> None:
        """Acknowledge messages of QoS 1, of which there is at least one."""
        packets = b"".join(b"\x40\x02" + number.to_bytes(2, "big") for number in numbers)
        self._packet_queue(paho.PUBACK, packets, 0, 1)

    def _sock_recv(self, bufsize: int) -> bytes:
        if not self._unread:
            self._unread, self._read = super()._sock_recv(max(bufsize, READ_BYTES)), 0
        taken = self._unread[self._read : self._read + bufsize]
        self._read += bufsize
        if self._read >= len(self._unread):
            self._unread = b""
        return taken

    def _create_socket(self) -> Any:
        self._unread = b""  # what a lost connection brought is not the new one's
        return super()._create_socket()
