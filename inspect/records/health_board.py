"""How every station fared when it was heard of last; held in memory, for it is soon stale."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from ..core.clock import utc_now
from ..core.health import StationHealth
from ..core.inspection import StationAddress
from .batch import HealthReport

MAX_STATIONS = 1000
"""Of more stations than these, those not heard of for longest are left out."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a station said of its health, and when it came by this server's clock."""

    health: StationHealth
    received_at: datetime


class HealthBoard:
    """Written by the thread that records, read by those that answer."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._heard: OrderedDict[StationAddress, Heard] = OrderedDict()

    def note(self, report: HealthReport) -> None:
        """Keep the newest report of a station."""
        with self._lock:
            self._heard[report.address] = Heard(report.health, utc_now())
            self._heard.move_to_end(report.address)
            if len(self._heard) > MAX_STATIONS:
                self._heard.popitem(last=False)

    def of(self, address: StationAddress) -> Heard | None:
        """Return what was heard of a station since this server started; None for nothing."""
        with self._lock:
            return self._heard.get(address)
