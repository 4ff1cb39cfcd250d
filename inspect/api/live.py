"""Tells every open page what is recorded, the moment it is (server-sent events)."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

from ..records.events import Event, EvidenceStored, InspectionRecorded
from .schemas.stations import StationSummary

HEARTBEAT_S = 10.0
BACKLOG = 200
"""So many events wait for a slow page; older ones are dropped, and it is told how many."""


@dataclass(slots=True, eq=False)
class _Listener:
    loop: asyncio.AbstractEventLoop
    waiting: deque[bytes] = field(default_factory=lambda: deque(maxlen=BACKLOG))
    dropped: int = 0
    called: asyncio.Event = field(default_factory=asyncio.Event)
    closing: bool = False

    def put(self, event: bytes) -> None:
        if len(self.waiting) == BACKLOG:
            self.dropped += 1
        self.waiting.append(event)
        self.called.set()

    def close(self) -> None:
        self.closing = True
        self.called.set()

    def take(self) -> bytes:
        self.called.clear()
        events = b"".join(self.waiting)
        if self.dropped:
            events = _event("dropped", f'{{"events":{self.dropped}}}') + events
        self.waiting.clear()
        self.dropped = 0
        return events


class Live:
    """A broadcast from any thread to any number of listeners on event loops."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: set[_Listener] = set()
        self._closed = False

    def publish(self, event: Event) -> None:
        """Tell all listeners; may be called from any thread, and never waits for them."""
        with self._lock:
            listeners = tuple(self._listeners)
        if listeners:
            encoded = encode(event)
            for listener in listeners:
                with suppress(RuntimeError):  # the loop ended while we looked
                    listener.loop.call_soon_threadsafe(listener.put, encoded)

    async def listen(self, heartbeat_s: float = HEARTBEAT_S) -> AsyncGenerator[bytes, None]:
        """Yield events as they come, with a comment whenever nothing came for a while."""
        listener = self._add()
        try:
            yield b": connected\n\n"
            while not listener.closing:
                try:
                    async with asyncio.timeout(heartbeat_s):
                        await listener.called.wait()
                except TimeoutError:
                    yield b": nothing new\n\n"
                else:
                    yield listener.take()
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def close(self) -> None:
        """End every listener's stream; must be called on their event loop's thread."""
        with self._lock:
            self._closed = True
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener.close()

    def _add(self) -> _Listener:
        listener = _Listener(asyncio.get_running_loop())
        with self._lock:
            listener.closing = self._closed
            self._listeners.add(listener)
        return listener


def encode(event: Event) -> bytes:
    """Return `event` in the format of an event stream."""
    if isinstance(event, InspectionRecorded):
        return _event("inspection", event.inspection.model_dump_json())
    if isinstance(event, EvidenceStored):
        return _event("evidence", f'{{"sha256":"{event.sha256}"}}')
    return _event("station", StationSummary.of(event.summary).model_dump_json())


def _event(name: str, data: str) -> bytes:
    return f"event: {name}\ndata: {data}\n\n".encode()
