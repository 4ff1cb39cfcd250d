"""Sets messages aside that cannot be recorded, with the reason."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from ..core.identity import digest
from .batch import Refused, seats_of
from .places import Places
from .sequences import claim
from .statement import insert
from .tables import QuarantineRow

KEPT_BYTES = 1 << 20
"""So much of a payload is kept; an inspection is always shorter."""
MAX_TOPIC, MAX_REASON = 500, 1000


def quarantine(
    connection: Connection, places: Places, refused: Sequence[Refused], now: datetime
) -> None:
    """Keep every refused message once, and account for its sequence where it is known."""
    if not refused:
        return
    rows = [
        {
            "received_at": now,
            "topic": _storable(message.topic)[:MAX_TOPIC],
            "reason": _storable(message.reason)[:MAX_REASON],
            "sha256": digest(message.payload),
            "size_bytes": len(message.payload),
            "payload": message.payload[:KEPT_BYTES],
        }
        for message in refused
    ]
    connection.execute(insert(connection, QuarantineRow).on_conflict_do_nothing(), rows)
    if seats := {places.seat(seat) for seat in seats_of(refused)}:
        claim(connection, [(seat, None) for seat in sorted(seats)])


def _storable(text: str) -> str:
    return text.replace("\x00", "�")
