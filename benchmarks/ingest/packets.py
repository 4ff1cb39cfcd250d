"""The few packets of MQTT 5 that a simulated station sends and reads (OASIS MQTT 5.0, chapter 3).

A station in paho would take more of the processor than the server that is measured.
"""

from collections.abc import Iterator
from dataclasses import dataclass

CONNACK, PUBLISH, PUBACK, SUBACK = 2, 3, 4, 9
RECEIVE_MAXIMUM = 0x21
DEFAULT_RECEIVE_MAXIMUM = 65_535
FAILED = 0x80
_SIZES = {0x11: 4, 0x13: 2, 0x21: 2, 0x22: 2, 0x24: 1, 0x25: 1, 0x27: 4, 0x28: 1, 0x29: 1, 0x2A: 1}
"""Bytes of the properties of a CONNACK; all others are texts, which come after their length."""


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet's kind, the flags of its first byte, and what follows its length."""

    kind: int
    flags: int
    body: bytes

    @property
    def number(self) -> int:
        """Which packet a PUBACK or SUBACK answers."""
        return int.from_bytes(self.body[:2], "big")

    @property
    def failed(self) -> bool:
        """Whether the last reason a CONNACK, PUBACK or SUBACK gives is a failure."""
        at = {CONNACK: 1, PUBACK: 2, SUBACK: len(self.body) - 1}[self.kind]
        return len(self.body) > at and self.body[at] >= FAILED

    def receive_maximum(self) -> int:
        """Return how many messages a CONNACK lets be under way."""
        rest = self.body[3:]
        while rest:
            name = rest[0]
            size = _SIZES.get(name) or 2 + int.from_bytes(rest[1:3], "big")
            if name == RECEIVE_MAXIMUM:
                return int.from_bytes(rest[1:3], "big")
            rest = rest[1 + size :]
        return DEFAULT_RECEIVE_MAXIMUM

    def published(self) -> tuple[int, bytes]:
        """Return the number and the payload of a PUBLISH at QoS 1."""
        at = 2 + int.from_bytes(self.body[:2], "big")
        number = int.from_bytes(self.body[at : at + 2], "big")
        properties, start = _length(self.body, at + 2) or (0, at + 3)
        return number, self.body[start + properties :]


def connect(client_id: str, keepalive_s: int) -> bytes:
    """Return a CONNECT with a clean start."""
    head = _text("MQTT") + b"\x05\x02" + keepalive_s.to_bytes(2, "big") + b"\x00"
    return _packet(0x10, head + _text(client_id))


def subscribe(number: int, topic: str) -> bytes:
    """Return a SUBSCRIBE at QoS 1."""
    return _packet(0x82, number.to_bytes(2, "big") + b"\x00" + _text(topic) + b"\x01")


def publish(number: int, topic: str, payload: bytes, *, retain: bool = False) -> bytes:
    """Return a PUBLISH at QoS 1."""
    head = _text(topic) + number.to_bytes(2, "big") + b"\x00"
    return _packet(0x33 if retain else 0x32, head + payload)


def acknowledge(number: int) -> bytes:
    """Return a PUBACK."""
    return b"\x40\x02" + number.to_bytes(2, "big")


DISCONNECT = b"\xe0\x00"


def take(buffer: bytearray) -> Iterator[Packet]:
    """Yield the whole packets at the start of `buffer`, and remove them from it."""
    while (length := _length(buffer, 1)) and len(buffer) >= sum(length):
        size, start = length
        yield Packet(buffer[0] >> 4, buffer[0] & 15, bytes(buffer[start : start + size]))
        del buffer[: start + size]


def _length(data: bytes | bytearray, at: int) -> tuple[int, int] | None:
    """Return the number written at `at`, and where it ends; None where it is not whole."""
    value = 0
    for place in range(4):
        if at + place >= len(data):
            return None
        byte = data[at + place]
        value |= (byte & 127) << (7 * place)
        if byte < 128:
            return value, at + place + 1
    raise ValueError("the broker sent a length that is none")


def _packet(first: int, body: bytes) -> bytes:
    size, length = len(body), bytearray()
    while True:
        size, low = divmod(size, 128)
        length.append(low | (128 if size else 0))
        if not size:
            return bytes((first,)) + bytes(length) + body


def _text(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(2, "big") + encoded
