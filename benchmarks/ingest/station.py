"""One simulated station: sends its parts at their time, again where the contract asks for it."""

import asyncio
from dataclasses import dataclass, field
from time import time

from edgeinspect.core.delivery import Recorded
from edgeinspect.messaging.topics import Channel, Topic

from . import packets
from .payloads import Line, announcement, inspections

WINDOW = 100
RESEND_AFTER_S = 10.0
"""Both as in `station/delivery.py`."""
KEEPALIVE_S = 60
_STATE, _RECORDED = 65_534, 65_535
"""Packet numbers of the announcement and of the subscription."""
_NUMBERS = 65_000


@dataclass
class Heard:
    """What became of the parts so far."""

    sent_s: list[float] = field(default_factory=list)
    recorded_s: list[float] = field(default_factory=list)
    resent: int = 0


class Station(asyncio.Protocol):
    """A connection that publishes a line's parts; the packets are made before it connects.

    `paced` sends each part at its time, else as fast as the broker takes them. A part counts as
    recorded when the watermark that covers it arrives: by then its row can be read by anyone.
    """

    def __init__(self, line: Line, *, paced: bool) -> None:
        self.line, self.paced = line, paced
        self.heard = Heard()
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        topic = str(Topic(line.address, Channel.INSPECTION))
        self._packets = [
            packets.publish(
                (item.sequence - 1) % _NUMBERS + 1, topic, item.model_dump_json().encode()
            )
            for item in inspections(line)
        ]
        self._buffer = bytearray()
        self._window, self._under_way, self._next = WINDOW, 0, 0
        self._moved_s = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(packets.connect(str(self.line.address).replace("/", ":"), KEEPALIVE_S))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        for packet in packets.take(self._buffer):
            self._handle(packet)
        if self.ready.done() and not self.paced:
            self.send()

    def connection_lost(self, error: Exception | None) -> None:
        for waited in (self.ready, self.done):
            if not waited.done():
                waited.set_exception(error or ConnectionError("the broker hung up"))

    def send(self) -> None:
        """Send what is due and has room in the window."""
        now_s = time()
        room = self._next + self._window - self._under_way
        last = min(room, len(self._packets), self._due(now_s))
        if last > self._next:
            self._transport.write(b"".join(self._packets[self._next : last]))
            self._under_way += last - self._next
            new = last - len(self.heard.sent_s)
            self.heard.sent_s += [now_s] * max(0, new)
            self.heard.resent += last - self._next - max(0, new)
            self._next = last
        elif self._rests(now_s):
            self._next, self._moved_s = len(self.heard.recorded_s), now_s

    @property
    def taken(self) -> bool:
        """Whether the broker has taken every part."""
        return self._next == len(self._packets) and not self._under_way

    def close(self) -> None:
        """Take leave of the broker."""
        self._transport.write(packets.DISCONNECT)
        self._transport.close()

    def _due(self, now_s: float) -> int:
        if not self.paced:
            return len(self._packets)
        return int((now_s - self.line.first_s) / self.line.step_s) + 1

    def _rests(self, now_s: float) -> bool:
        waiting = len(self.heard.recorded_s) < len(self.heard.sent_s)
        return waiting and now_s - self._moved_s > RESEND_AFTER_S

    def _handle(self, packet: packets.Packet) -> None:
        if packet.kind == packets.PUBLISH:
            self._hear(*packet.published())
            return
        if packet.failed:
            raise ConnectionError(f"the broker refused a packet of kind {packet.kind}")
        if packet.kind == packets.CONNACK:
            self._window = min(WINDOW, packet.receive_maximum())
            topic = str(Topic(self.line.address, Channel.RECORDED))
            self._transport.write(packets.subscribe(_RECORDED, topic))
        elif packet.kind == packets.SUBACK:
            topic = str(Topic(self.line.address, Channel.STATE))
            said = announcement(self.line)
            self._transport.write(packets.publish(_STATE, topic, said, retain=True))
        elif packet.number == _STATE:
            self._moved_s = time()
            self.ready.set_result(None)
        else:
            self._under_way -= 1

    def _hear(self, number: int, payload: bytes) -> None:
        self._transport.write(packets.acknowledge(number))
        recorded = Recorded.model_validate_json(payload)
        through = {mark.boot: mark.rows_through for mark in recorded.boots}
        new = through.get(self.line.boot, 0) - len(self.heard.recorded_s)
        if new > 0:
            self._moved_s = time()
            self.heard.recorded_s += [self._moved_s] * new
        if len(self.heard.recorded_s) == self.line.parts and not self.done.done():
            self.done.set_result(None)
