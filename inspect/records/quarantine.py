"""Sets messages aside that cannot be recorded, with the reason, as long as there is room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from ..core.identity import digest
from .batch import Refused, seats_of
from .places import Places
from .sequences import claim
from .statement import insert
from .tables import MetaRow, QuarantineRow

KEPT_BYTES = 1 << 20
"""So much of a payload is kept; an inspection is always shorter."""
ROW_BYTES = 500
"""What a row takes beside its payload, about."""
MAX_TOPIC, MAX_REASON = 500, 1000
DEFAULT_LIMIT_BYTES = 256_000_000


@dataclass(frozen=True, slots=True)
class SetAside:
    """Which refused messages are kept, and for which there was no room.

    A message without room whose sequence or image is known is not accounted for: its station
    keeps it and sends it again. Any other is only counted.
    """

    kept: tuple[Refused, ...] = ()
    without_room: tuple[Refused, ...] = ()


def quarantine(
    connection: Connection,
    places: Places,
    refused: Sequence[Refused],
    now: datetime,
    limit_bytes: int = DEFAULT_LIMIT_BYTES,
) -> SetAside:
    """Keep every refused message once, and account for its sequence where it is known."""
    if not refused:
        return SetAside()
    held = connection.execute(select(MetaRow.quarantine_bytes)).scalar_one()
    kept: list[Refused] = []
    without_room: list[Refused] = []
    for message in refused:
        size = min(len(message.payload), KEPT_BYTES) + ROW_BYTES
        fits = held + size <= limit_bytes
        held += size if fits else 0
        (kept if fits else without_room).append(message)
    unknown = [each for each in without_room if each.seat is None and each.evidence is None]
    _keep(connection, kept, now)
    if unknown:
        unkept = MetaRow.quarantine_unkept + len(unknown)
        connection.execute(update(MetaRow).values(quarantine_unkept=unkept))
    if seats := {places.seat(seat) for seat in seats_of(kept)}:
        claim(connection, [(seat, None) for seat in sorted(seats)])
    return SetAside(tuple(kept), tuple(without_room))


def _keep(connection: Connection, messages: Sequence[Refused], now: datetime) -> None:
    if not messages:
        return
    rows = [
        {
            "received_at": now,
            "topic": storable(message.topic)[:MAX_TOPIC],
            "reason": storable(message.reason)[:MAX_REASON],
            "sha256": digest(message.payload),
            "size_bytes": len(message.payload),
            "payload": message.payload[:KEPT_BYTES],
            "kept_bytes": min(len(message.payload), KEPT_BYTES),
            "tries": 0,
        }
        for message in messages
    ]
    adding = insert(connection, QuarantineRow).on_conflict_do_nothing()
    added = connection.execute(adding.returning(QuarantineRow.kept_bytes), rows).scalars().all()
    if added:
        held = MetaRow.quarantine_bytes + sum(added) + ROW_BYTES * len(added)
        connection.execute(update(MetaRow).values(quarantine_bytes=held))


def storable(text: str) -> str:
    """Return `text` without the one character that PostgreSQL cannot keep."""
    return text.replace("\x00", "�")
