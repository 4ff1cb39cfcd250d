"""One entry of the audit log, and the form its hash is taken over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from ...core.identity import digest

FORM = "edgeinspect.audit/1"
BEFORE_THE_FIRST = "0" * 64
"""What the first entry names as the hash of the entry before it."""


class Kind(StrEnum):
    """What was done."""

    PAGE_CLOSED = "page_closed"
    GUESS_REPLACED = "guess_replaced"
    ROWS_REMOVED = "rows_removed"
    IMAGES_REMOVED = "images_removed"
    HOLD_SET = "hold_set"
    HOLD_LIFTED = "hold_lifted"
    DISPOSITION = "disposition"
    RECIPE = "recipe"
    MODEL = "model"
    USER = "user"
    QUARANTINE = "quarantine"
    COUNTS_REBUILT = "counts_rebuilt"
    RESTORED = "restored"
    STATION_FORGOTTEN = "station_forgotten"


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what, when and to which thing.

    `number` counts from 1 without gaps, `at` is UTC, `about` names the thing, `detail` is canonical
    JSON, `previous` is the hash of the entry before.
    """

    number: int
    at: datetime
    who: str
    what: str
    about: str
    detail: str
    previous: str

    @property
    def sha256(self) -> str:
        r"""Return the SHA-256, in lower-case hex, of nine lines of UTF-8 that each end in \n.

        `edgeinspect.audit/1`, number, at (2026-03-01T12:00:00.000000Z), who, what, about, detail,
        previous, and `end`.
        """
        lines = (FORM, self.number, stamp(self.at), self.who, self.what, self.about)
        return digest(as_lines(*lines, self.detail, self.previous, "end"))


def as_lines(*fields: object) -> bytes:
    r"""Return the fields as UTF-8, each followed by \n; what cannot be encoded is replaced."""
    return "".join(f"{field}\n" for field in fields).encode("utf-8", "replace")


@lru_cache(maxsize=64)
def stamp(moment: datetime) -> str:
    """Return a moment in UTC with six digits of a second, such as 2026-03-01T12:00:00.000000Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def canonical(detail: Mapping[str, Any]) -> str:
    """Return `detail` as JSON: keys in order of their letters, no spaces, no escapes beyond need.

    Raises ValueError for a number that is not finite.
    """
    return json.dumps(
        detail, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def one_line(text: str, limit: int = 500) -> str:
    """Return `text` on one line, without control signs, and no longer than `limit`."""
    return "".join(sign if sign.isprintable() else " " for sign in text)[:limit].strip()
