"""Writes each verdict down, off the hot path: has the evidence encoded, groups the commits."""

import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, wait
from queue import Empty, Full, Queue
from threading import Event, Thread

from .outbox import Outbox
from .packer import Draft, Packer
from .parcel import Parcel

QUEUE_LENGTH = 256
BATCH = 64
RETRY_S = 1.0
LOOK_S = 0.25
"""So often who waits for a full queue looks whether it still may."""

_log = logging.getLogger(__name__)


class Recorder:
    """A thread that moves drafts into the outbox.

    When the outbox cannot be written (a full disk) it tries again until it can; the queue then
    fills and the line waits, for a part that is not written down must not be passed. Once
    `stopping` is set nobody waits for a full disk any more.
    """

    def __init__(self, outbox: Outbox, on_written: Callable[[], None], stopping: Event) -> None:
        self._outbox = outbox
        self._on_written = on_written
        self._stopping = stopping
        self._queue: Queue[tuple[Draft, Future[bytes]] | None] = Queue(QUEUE_LENGTH)
        self._packer = Packer()
        self._closing = Event()
        self._latest: Future[bytes] | None = None
        self._thread = Thread(target=self._run, name="recorder", daemon=True)
        self.fault: str | None = None
        self._thread.start()

    def record(self, draft: Draft) -> Future[bytes] | None:
        """Queue a draft; the future has the inspection's document when that is on the disk.

        Waits while the queue is full; None when that is for nothing: see `hopeless`.
        """
        written: Future[bytes] = Future()
        while not self._put((draft, written)):
            if self.hopeless:
                return None
        self._latest = written
        return written

    @property
    def hopeless(self) -> bool:
        """Whether what is queued will not be written: a stop is asked for and the disk is full,
        or the thread has ended.
        """
        return not self.alive or (self._stopping.is_set() and self.fault is not None)

    def wait_until_written(self, timeout_s: float) -> bool:
        """Wait until all drafts are on the disk; False when `timeout_s` passed first."""
        return self._latest is None or bool(wait((self._latest,), timeout_s).done)

    @property
    def alive(self) -> bool:
        """Whether the thread still works."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Write what is queued and end the thread; a disk that stays full is given up on."""
        self._closing.set()
        while self.alive and not self._put(None):
            pass  # the thread ends at a full disk, or makes room
        self._thread.join()

    def _put(self, item: tuple[Draft, Future[bytes]] | None) -> bool:
        try:
            self._queue.put(item, timeout=LOOK_S)
        except Full:
            return False
        return True

    def _run(self) -> None:
        while (batch := self._next_batch()) is not None:
            packed = [self._packer.pack(draft) for draft, _ in batch]
            if not self._write([parcel for parcels in packed for parcel in parcels]):
                return
            for (row, *_), (_, written) in zip(packed, batch, strict=True):
                written.set_result(row.payload)
            self._on_written()

    def _next_batch(self) -> list[tuple[Draft, Future[bytes]]] | None:
        first = self._queue.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < BATCH:
            try:
                following = self._queue.get_nowait()
            except Empty:
                break
            if following is None:
                self._queue.put(None)
                break
            batch.append(following)
        return batch

    def _write(self, parcels: list[Parcel]) -> bool:
        while True:
            try:
                self._outbox.append(parcels)
            except sqlite3.Error as error:
                self._note(f"the outbox cannot be written ({error}): free space on the disk")
                if self._closing.wait(RETRY_S):
                    return False
            else:
                self._note(None)
                return True

    def _note(self, fault: str | None) -> None:
        if fault is not None and fault != self.fault:
            _log.error("%s", fault)
        elif fault is None and self.fault is not None:
            _log.warning("the outbox can be written again")
        self.fault = fault
