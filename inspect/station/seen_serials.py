"""The serials a station inspected lately: one that comes again may be rework, or a copied code."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..core.verdict import Purpose

REMEMBERED = 10_000
"""So many serials, the newest."""
REPEATED_ON_PURPOSE = frozenset({Purpose.GOLDEN, Purpose.CHALLENGE, Purpose.REPLAY})


@dataclass(frozen=True, slots=True)
class Seen:
    """A serial, what for its part was inspected, and when last."""

    purpose: Purpose
    serial: str
    at: datetime


class SeenSerials:
    """Remembers the last serials, each purpose by itself; used by the loop's thread alone."""

    def __init__(self, seen: Iterable[Seen] = ()) -> None:
        self._at: OrderedDict[tuple[Purpose, str], datetime] = OrderedDict()
        for each in seen:
            self.note(each)

    def note(self, seen: Seen) -> datetime | None:
        """Return when a serial was seen before, None when it was not, and remember it."""
        if seen.purpose in REPEATED_ON_PURPOSE:
            return None
        key = seen.purpose, seen.serial
        before = self._at.pop(key, None)
        self._at[key] = seen.at
        if len(self._at) > REMEMBERED:
            self._at.popitem(last=False)
        return before
