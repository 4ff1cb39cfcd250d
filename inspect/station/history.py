"""What the boots of a data folder have inspected so far."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from ..settings.tree import Settings
from .ledger import Ledger
from .outbox import Outbox
from .parcel import Counts


def read_history(settings: Settings) -> Mapping[UUID, Counts]:
    """Return the counts of every boot; frames handed out and never written down are counted in.

    Raises ServiceError while a station works in the data folder.
    """
    outbox = Outbox(settings.outbox_path)
    try:
        counts = dict(outbox.counts())
        ledger = Ledger(settings.ledger_path)
        last = ledger.last()
        ledger.close()
    finally:
        outbox.close()
    if last is not None and last.boot in counts:
        inspected = max(counts[last.boot].inspected, last.sequence)
        counts[last.boot] = replace(counts[last.boot], inspected=inspected)
    return counts
