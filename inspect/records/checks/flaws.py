"""What can be wrong with the records."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

OnProgress = Callable[[int, int], None]
"""Called with how many rows and images were looked at, and how many there are."""


class Flaw(StrEnum):
    """What can be wrong; the value is how a person is told."""

    ENTRY_EDITED = "an entry of the audit log is not what was written"
    ENTRY_REMOVED = "an entry of the audit log is gone"
    HEAD_UNKNOWN = "the head that was kept elsewhere is not in the audit log"
    PAGE = "a page of records is not what the audit log says"
    REMOVED = "an inspection that was recorded is gone"
    EDITED = "an inspection is not what was recorded"
    ADDED = "an inspection is there that was not recorded, or was removed before"
    HOLD = "a hold was set or lifted, and the audit log does not say so"
    EVIDENCE_MISSING = "an image that was stored is gone"
    EVIDENCE_DAMAGED = "an image is not what its digest says"
    EVIDENCE_ORPHAN = "an image on disk that no record knows"
    COUNT = "counts that the records do not bear out"


@dataclass(frozen=True, slots=True)
class Found:
    """One flaw, and the entry, page, inspection, image or number it is about."""

    flaw: Flaw
    what: str
