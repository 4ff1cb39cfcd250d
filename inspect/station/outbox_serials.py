"""Serials that a station inspected, in its outbox: what it remembers of them outlives a boot."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from ..core.verdict import Purpose
from .seen_serials import REMEMBERED, Seen


def remember(db: sqlite3.Connection, seen: Iterable[Seen]) -> None:
    """Write serials down, and forget the oldest."""
    rows = [(each.purpose, each.serial, each.at.timestamp()) for each in seen]
    if not rows:
        return
    db.executemany(
        "INSERT OR REPLACE INTO serials (purpose, serial, seen_s) VALUES (?, ?, ?)", rows
    )
    db.execute(
        "DELETE FROM serials WHERE seen_s <"
        " (SELECT seen_s FROM serials ORDER BY seen_s DESC LIMIT 1 OFFSET ?)",
        (REMEMBERED - 1,),
    )


def remembered(db: sqlite3.Connection) -> list[Seen]:
    """Return the serials, the one seen longest ago first."""
    rows = db.execute("SELECT purpose, serial, seen_s FROM serials ORDER BY seen_s").fetchall()
    return [
        Seen(Purpose(purpose), serial, datetime.fromtimestamp(seen_s, UTC))
        for purpose, serial, seen_s in rows
    ]
