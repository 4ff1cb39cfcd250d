"""Carries one lane of the outbox to the server, and again after every break."""

import logging
import sqlite3
import sys
from collections import deque
from threading import Event, Thread
from time import monotonic
from uuid import UUID

from pydantic import ValidationError

from ..core.delivery import Recorded
from ..core.inspection import StationAddress
from ..messaging.link import Link, client_id
from ..messaging.message import Message
from ..messaging.topics import Channel, Topic
from ..settings.tree import MqttSettings
from .outbox import Outbox
from .parcel import Lane

RESEND_AFTER_S, RESEND_MOST_S = 10.0, 60.0
"""A backlog whose watermark rests this long is sent again; next time it may rest twice as long."""
TICK_S = 1.0
WINDOW = {Lane.ROWS: 100, Lane.EVIDENCE: 8}
"""How many parcels may be under way at once; an image can be large."""
AHEAD = {Lane.ROWS: 5000, Lane.EVIDENCE: 64}
"""How many may be sent and not recorded yet: a server that stalls is not sent all there is."""

_log = logging.getLogger(__name__)


class Delivery:
    """Publishes the parcels of one lane in order, over a connection of its own.

    A broker's acknowledgement only paces it. What the server has recorded is forgotten; all else
    is sent again after a reconnect, when the server was deaf or has another database, and when
    nothing moves or the broker would not have it. It never runs far ahead of the server.
    The connection's thread only leaves notes; everything is done on this object's own thread.
    """

    def __init__(
        self, outbox: Outbox, lane: Lane, address: StationAddress, settings: MqttSettings
    ) -> None:
        self._outbox = outbox
        self._lane = lane
        self._wake = Event()
        self._closing = False
        self._connected = False
        self._reconnects: deque[bool] = deque()
        self._acknowledged: deque[int] = deque()
        self._refused: deque[int] = deque()
        self._watermarks: deque[Recorded] = deque()
        self._sent_through = 0
        self._ahead: deque[int] = deque()
        self._under_way: dict[int, int] = {}
        self._server: tuple[UUID, int] | None = None
        self._oldest: int | None = None
        self._fault: str | None = None
        self._moved_s = monotonic()
        self._rest_s = RESEND_AFTER_S
        self._link = Link(
            settings,
            client_id(address, lane),
            subscriptions=(str(Topic(address, Channel.RECORDED)),),
            on_message=self._hear,
            on_connected=self._reconnected,
            on_disconnected=self._lost,
            on_delivered=self._delivered,
            on_refused=self._turned_away,
        )
        self._thread = Thread(target=self._run, name=f"delivery-{lane}", daemon=True)

    def open(self) -> None:
        """Begin to deliver."""
        self._link.open()
        self._thread.start()

    def wake(self) -> None:
        """Say that there may be new parcels."""
        self._wake.set()

    def close(self) -> None:
        """End the thread and the connection; undelivered parcels stay in the outbox."""
        self._closing = True
        self._wake.set()
        self._thread.join()
        self._link.close()

    @property
    def alive(self) -> bool:
        """Whether the thread still works."""
        return self._thread.is_alive()

    @property
    def trouble(self) -> str | None:
        """Why nothing can be delivered at present, in a sentence; None while it can."""
        return self._fault or self._link.trouble

    def _run(self) -> None:
        while not self._closing:
            self._wake.wait(TICK_S)
            self._wake.clear()
            try:
                self._step()
            except sqlite3.Error as error:
                self._note(f"the outbox cannot be used ({error}): free space on the disk")
            else:
                self._note(None)

    def _step(self) -> None:
        self._begin_again_after_a_break()
        self._note_published()
        self._forget_recorded()
        self._rewind_when_resting()
        self._send()

    def _note(self, fault: str | None) -> None:
        if fault is not None and fault != self._fault:
            _log.error("%s: %s", self._lane, fault)
        self._fault = fault

    def _begin_again_after_a_break(self) -> None:
        if self._reconnects:
            self._reconnects.clear()
            self._under_way.clear()
            self._rewind()

    def _note_published(self) -> None:
        positions = []
        while self._acknowledged:
            position = self._under_way.pop(self._acknowledged.popleft(), None)
            if position is not None:
                positions.append(position)
        self._outbox.mark_published(positions)
        while self._refused:
            # What is refused now is refused for all: nothing more is sent until the rest is over.
            self._under_way.pop(self._refused.popleft(), None)
            self._sent_through = sys.maxsize

    def _forget_recorded(self) -> None:
        while self._watermarks:
            recorded = self._watermarks[0]
            if self._server != (recorded.epoch, recorded.session):
                self._server = recorded.epoch, recorded.session
                self._rewind()
            self._outbox.forget(recorded)
            self._watermarks.popleft()

    def _rewind_when_resting(self) -> None:
        oldest = self._outbox.oldest(self._lane)
        while self._ahead and (oldest is None or self._ahead[0] < oldest):
            self._ahead.popleft()
        if oldest is None or oldest != self._oldest:
            self._oldest, self._moved_s = oldest, monotonic()
            self._rest_s = RESEND_AFTER_S
        elif monotonic() - self._moved_s > self._rest_s:
            self._rest_s = min(2 * self._rest_s, RESEND_MOST_S)
            self._rewind()

    def _rewind(self) -> None:
        self._sent_through, self._moved_s = 0, monotonic()
        self._ahead.clear()

    def _room(self) -> int:
        under_way = WINDOW[self._lane] - len(self._under_way)
        return min(under_way, AHEAD[self._lane] - len(self._ahead))

    def _send(self) -> None:
        while self._connected and (room := self._room()) > 0:
            parcels = self._outbox.fetch(self._lane, self._sent_through, min(room, 16))
            if not parcels:
                return
            for parcel in parcels:
                message = Message(parcel.topic, parcel.payload, content_type=parcel.content_type)
                self._under_way[self._link.publish(message)] = parcel.position
                self._sent_through = parcel.position
                self._ahead.append(parcel.position)

    def _hear(self, message: Message) -> None:
        self._link.acknowledge(message)
        try:
            # A newer server may say more; what this station does not know must not stop it.
            self._watermarks.append(Recorded.model_validate_json(message.payload, extra="ignore"))
        except ValidationError:
            _log.error("%s: not a watermark; it is ignored", message.topic)
        self._wake.set()

    def _reconnected(self) -> None:
        self._connected = True
        self._reconnects.append(True)
        self._wake.set()

    def _lost(self) -> None:
        self._connected = False

    def _turned_away(self, number: int) -> None:
        self._refused.append(number)
        self._wake.set()

    def _delivered(self, number: int) -> None:
        self._acknowledged.append(number)
        self._wake.set()
