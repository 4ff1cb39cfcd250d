"""One thing looked at: what was found, and the mend when it is amiss."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ...core.errors import EdgeInspectError


class Health(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at, and what was found."""

    name: str
    health: Health
    found: str


def tried(name: str, look: Callable[[], str]) -> Check:
    """Return what `look` finds, which is bad where it raises EdgeInspectError."""
    try:
        return Check(name, Health.OK, look())
    except EdgeInspectError as error:
        return Check(name, Health.BAD, str(error))
