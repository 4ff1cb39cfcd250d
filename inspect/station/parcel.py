"""What an outbox holds, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from .seen_serials import Seen


class Lane(StrEnum):
    """Rows and evidence travel apart, so that images never hold up a record."""

    ROWS = "rows"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to deliver; `position` is given by the outbox.

    `passed` says that it is about a part that passed: its image is given up first. `seen` is
    the serial of the part that a row is about, where it has one.
    """

    lane: Lane
    boot: UUID
    sequence: int
    topic: str
    content_type: str
    payload: bytes
    position: int = 0
    passed: bool = False
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the inspections of some boots."""

    inspected: int
    published: int
    recorded: int

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.inspected + other.inspected,
            self.published + other.published,
            self.recorded + other.recorded,
        )


NOTHING = Counts(0, 0, 0)
