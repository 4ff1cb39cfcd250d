"""Whether the stations that look at a part can be heard, and inspect as this one wants."""

from ...camera.condition import FINE, Condition, fault
from ...core.delivery import StationMode
from ...core.verdict import Purpose

CLOCK_AHEAD_S = 1.0
"""A view that was taken so far in the future is of a clock that nobody keeps."""
_WORKS = frozenset({StationMode.RUNNING, StationMode.DEGRADED})


class Standing:
    """What is known of the views. While one does not work no part can pass, and it is a fault."""

    def __init__(self, stations: tuple[str, ...], purpose: Purpose) -> None:
        self.stations = stations
        self._purpose = purpose
        self._connected = False
        self._modes: dict[str, tuple[StationMode, str | None]] = {}
        self._purposes: dict[str, Purpose] = {}
        self._ages_s: dict[str, float] = {}

    def connect(self) -> None:
        """Note that they can be heard."""
        self._connected = True

    def disconnect(self) -> None:
        """Note that nobody is heard, and that what was said of them is old."""
        self._connected = False
        self._modes.clear()

    def note(self, station: str, mode: StationMode, reason: str | None) -> None:
        """Note what a station does."""
        self._modes[station] = mode, reason

    def miss(self, station: str) -> None:
        """Note that nobody knows what a station does."""
        self._modes.pop(station, None)

    def note_view(self, station: str, purpose: Purpose, age_s: float) -> None:
        """Note why a station inspects, and how old its last view was, by the clock of this box."""
        self._purposes[station] = purpose
        self._ages_s[station] = age_s

    @property
    def condition(self) -> Condition:
        """What stands in the way."""
        if not self._connected:
            return fault("the broker by which the views are heard is not connected.")
        troubles = filter(None, map(self._trouble, self.stations))
        found = next(troubles, None)
        return FINE if found is None else fault(found)

    def _trouble(self, station: str) -> str | None:
        mode, reason = self._modes.get(station, (None, None))
        if mode is None:
            return (
                f"view {station} says nothing; see that it runs, and that this station may read "
                "its state and verdict at the broker."
            )
        if mode not in _WORKS:
            why = f": {reason}" if reason else "; see that station."
            return f"view {station} is {mode}{why}"
        purpose = self._purposes.get(station, self._purpose)
        if purpose is not self._purpose:
            return (
                f"view {station} inspects for {purpose}, and this station for {self._purpose}; "
                "set station.purpose of both alike."
            )
        if (ahead_s := -self._ages_s.get(station, 0.0)) > CLOCK_AHEAD_S:
            return (
                f"the clock of view {station} is {ahead_s:.1f} s ahead of this box's; keep both by "
                "NTP."
            )
        return None
