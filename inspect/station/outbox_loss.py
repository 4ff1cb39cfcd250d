"""What an outbox tells when the server has another database than before: an older state, perhaps.

It let go of what the earlier one had recorded. What the other lacks of that is nowhere any more,
so all of it is declared as lost; the server counts only what it has not. To declare too much is
therefore harmless, and so is to hear of an earlier database once more.
"""

import sqlite3
from collections.abc import Iterable
from uuid import UUID

from ..core.delivery import BootTail, BootWatermark, Dropped

TOLD_AT_ONCE = 200
"""So many boots at most are announced that lack something; others follow when these are heard."""

_TOLD = "rows_gone_through OR passes_gone_through OR evidence_gone_through OR lost_through"
_FIRST_IMAGE = "SELECT min(sequence) FROM parcels WHERE lane = 'evidence' AND boot = boots.boot"


def is_another_database(db: sqlite3.Connection, epoch: UUID) -> bool:
    """Note the epoch of a database; say whether another was noted before."""
    known = db.execute("SELECT epoch FROM server").fetchone()
    if known == (str(epoch),):
        return False
    db.execute("INSERT OR REPLACE INTO server VALUES (1, ?)", (str(epoch),))
    return known is not None


def declare_lost(db: sqlite3.Connection) -> int:
    """Declare all that was let go of; return how many inspections an earlier database had."""
    image = f"coalesce(({_FIRST_IMAGE}) - 1, appended)"
    db.execute(
        "UPDATE boots SET lost_through = forgotten_through,"  # noqa: S608
        f" passes_gone_through = max(passes_gone_through, {image}),"
        f" evidence_gone_through = max(evidence_gone_through, {image})"
        " WHERE appended > 0"
    )
    (lost,) = db.execute("SELECT coalesce(sum(lost_through), 0) FROM boots").fetchone()
    return int(lost)


def note_heard(db: sqlite3.Connection, marks: Iterable[BootWatermark]) -> None:
    """Say no more of what was given up or lost once the server counts it as accounted for."""
    for mark in marks:
        boot = str(mark.boot)
        for name in ("rows_gone_through", "lost_through"):
            db.execute(
                f"UPDATE boots SET {name} = 0 WHERE boot = ? AND {name} <= ?",  # noqa: S608
                (boot, mark.rows_through),
            )
        db.execute(
            "UPDATE boots SET evidence_gone_through = 0, passes_gone_through = 0 WHERE boot = ?"
            " AND max(evidence_gone_through, passes_gone_through) <= ?",
            (boot, mark.evidence_through),
        )


def tails(db: sqlite3.Connection) -> tuple[BootTail, ...]:
    """Return the boots with parcels still here, and the first of those that lack something."""
    rows = db.execute(
        "SELECT boot, appended, rows_gone_through, passes_gone_through,"  # noqa: S608
        " evidence_gone_through, lost_through FROM boots WHERE boot IN"
        f" (SELECT DISTINCT boot FROM parcels) OR boot IN (SELECT boot FROM boots WHERE {_TOLD}"
        " ORDER BY started_at LIMIT ?) ORDER BY started_at",
        (TOLD_AT_ONCE,),
    ).fetchall()
    return tuple(_tail(*row) for row in rows)


def _tail(boot: str, last: int, rows: int, passes: int, evidence: int, lost: int) -> BootTail:
    gone = Dropped(
        rows_through=rows, passes_through=passes, evidence_through=evidence, lost_through=lost
    )
    dropped = gone if gone != Dropped() else None
    return BootTail(boot=UUID(boot), last_sequence=last, dropped=dropped)
