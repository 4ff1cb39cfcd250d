"""What arrives to be recorded, and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from ..core.delivery import Recorded, StationState
from ..core.health import StationHealth
from ..core.inspection import Inspection, StationAddress


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a station says of itself."""

    address: StationAddress
    state: StationState


@dataclass(frozen=True, slots=True)
class HealthReport:
    """How a station says it fares; shown, and not recorded."""

    address: StationAddress
    health: StationHealth


@dataclass(frozen=True, slots=True)
class EvidenceKey:
    """An image that a station sent, by its digest."""

    address: StationAddress
    sha256: str
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """The place of one inspection: which boot of which station, and its sequence there."""

    address: StationAddress
    boot: UUID
    sequence: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that cannot be recorded, and why.

    `seat` is its place, `evidence` the digest it was to have, where these are known; they count
    as accounted for, so that a station does not send for ever what is never accepted.
    """

    topic: str
    payload: bytes
    reason: str
    seat: Seat | None = None
    evidence: EvidenceKey | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages that are recorded together, or not at all; `stored` images are safe on disk."""

    inspections: tuple[Inspection, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    stored: tuple[EvidenceKey, ...] = ()
    refused: tuple[Refused, ...] = ()

    def seated(self) -> list[Inspection | Seat]:
        """Return everything in it whose boot and sequence are known."""
        return [*self.inspections, *seats_of(self.refused)]

    def addresses(self) -> set[StationAddress]:
        """Return every station it speaks of."""
        seated = {message.address for message in self.seated()}
        announced = {announcement.address for announcement in self.announcements}
        return (
            seated | announced | {key.address for key in (*self.stored, *self.refused_evidence())}
        )

    def refused_evidence(self) -> list[EvidenceKey]:
        """Return the images that were refused, where their digest is known."""
        return images_of(self.refused)


def images_of(refused: Iterable[Refused]) -> list[EvidenceKey]:
    """Return the images that were refused, where their digest is known."""
    return [message.evidence for message in refused if message.evidence is not None]


def seats_of(refused: Iterable[Refused]) -> list[Seat]:
    """Return the places of the refused messages, where they are known."""
    return [message.seat for message in refused if message.seat is not None]


@dataclass(frozen=True, slots=True)
class Recording:
    """What a batch changed: inspections not seen before, refusals, and how far stations are safe.

    `refused` were set aside, `without_room` found the quarantine full. `recorded` names every
    station the batch touched, with all boots it may still hold rows of.
    """

    new: tuple[Inspection, ...]
    refused: tuple[Refused, ...]
    without_room: tuple[Refused, ...]
    recorded: Mapping[StationAddress, Recorded]
