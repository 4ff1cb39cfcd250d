"""A paho client that hears and acknowledges thousands of messages a second."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import paho.mqtt.client as paho
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

READ_BYTES = 1 << 16


class Heard(NamedTuple):
    """A message that came; `mid` is the number by which it is acknowledged, 0 where it is not."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    mid: int
    properties: Properties | None


class SwiftClient(paho.Client):
    """Reads much at a time, and writes many acknowledgements at once.

    Left to itself paho asks the socket four times for each message, and wakes its thread and
    writes once for each acknowledgement. Each of these lets other threads run in between, so a
    busy one starves it. And of each message it makes a line for a log that nobody reads, a table
    of all properties that there are, and a lock. Messages go to `on_heard`, not to `on_message`.
    """

    on_heard: Callable[[Heard], None] | None = None
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

    def _handle_publish(self) -> MQTTErrorCode:
        heard = read_publish(self._in_packet["command"], bytes(self._in_packet["packet"]))
        if heard.qos > 1:
            return MQTTErrorCode.MQTT_ERR_PROTOCOL  # no subscription asks for more
        if self.on_heard is not None:
            self.on_heard(heard)
        return MQTTErrorCode.MQTT_ERR_SUCCESS

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


def read_publish(header: int, packet: bytes) -> Heard:
    """Return the message in a PUBLISH of MQTT 5, given its first byte and all after its length.

    Raises what Python and paho raise for bytes that are none.
    """
    qos = header >> 1 & 3
    start = 2 + int.from_bytes(packet[:2], "big")
    topic = packet[2:start].decode()
    mid = int.from_bytes(packet[start : start + 2], "big") if qos else 0
    start += 2 if qos else 0
    properties, length = None, 1
    if packet[start]:
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        _, length = properties.unpack(packet[start:])  # type: ignore[no-untyped-call]
    return Heard(topic, packet[start + length :], qos, bool(header & 1), mid, properties)
