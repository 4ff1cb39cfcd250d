"""Looks after the outbox, and says how the station fares."""

import logging
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from uuid import UUID

from ..core.clock import utc_now
from ..core.health import CameraHealth, GateHealth, StationHealth, ViewsHealth
from .announcer import Announcer
from .outbox import Outbox

TICK_S = 1.0
HEALTH_EVERY_S = 10.0
GRACE_S = 600.0
"""So long a station that was off may deliver before its oldest images are given up."""

_log = logging.getLogger(__name__)


class Reporter:
    """A thread that every second looks for trouble, and every ten publishes the health.

    Each of `hampers` says what stands in the station's way, if anything; `outbox_path` names the
    disk it lies on.
    """

    def __init__(
        self,
        outbox: Outbox,
        outbox_path: Path,
        announcer: Announcer,
        *hampers: Callable[[], str | None],
    ) -> None:
        self._outbox = outbox
        self._folder = outbox_path.parent
        self._announcer = announcer
        self.hampers = list(hampers)
        self._closing = Event()
        self._dropped = 0
        self.boot: UUID | None = None
        self.gate_health: Callable[[], GateHealth | None] = lambda: None
        self.camera_health: Callable[[], CameraHealth | None] = lambda: None
        self.views_health: Callable[[], ViewsHealth | None] = lambda: None
        self._thread = Thread(target=self._run, name="reporter", daemon=True)

    def open(self) -> None:
        """Begin to report."""
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._closing.set()
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether the thread still works."""
        return self._thread.is_alive()

    def _run(self) -> None:
        started_s = health_s = monotonic()
        while not self._closing.wait(TICK_S):
            try:
                self._announcer.hamper(self._trouble())
                self._announcer.tell_drops()
                if monotonic() < health_s:
                    continue
                health_s = monotonic() + HEALTH_EVERY_S
                if monotonic() - started_s > GRACE_S:
                    self._outbox.drop_old()
                self._report()
            except (OSError, sqlite3.Error) as error:
                _log.error("the outbox cannot be looked after (%s): free space on the disk", error)

    def _trouble(self) -> str | None:
        return next((said for hamper in self.hampers if (said := hamper())), None)

    def _report(self) -> None:
        outbox = self._outbox.health()
        dropped = outbox.dropped_rows + outbox.dropped_evidence
        if dropped > self._dropped:
            _log.warning(
                "the outbox or its disk is full, or it is too old: %d images and %d inspections "
                "were given up so far",
                outbox.dropped_evidence,
                outbox.dropped_rows,
            )
        self._dropped = dropped
        trouble = self._trouble()
        self._announcer.publish_health(
            StationHealth(
                at=utc_now(),
                boot=self.boot,
                outbox=outbox,
                gate=self.gate_health(),
                camera=self.camera_health(),
                views=self.views_health(),
                disk_free_bytes=shutil.disk_usage(self._folder).free,
                trouble=trouble and trouble[:300],
            )
        )
