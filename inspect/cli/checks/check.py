"""One thing looked at: what was found, and the mend when it is amiss."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ...core.errors import EdgeInspectError, WireAbsentError


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
    """Return what `look` finds; where it raises EdgeInspectError that is bad, and only to be minded
    where what it looks for may come yet.
    """
    try:
        return Check(name, Health.OK, look())
    except WireAbsentError as error:
        return Check(name, Health.WARN, str(error).removesuffix("."))
    except EdgeInspectError as error:
        return Check(name, Health.BAD, str(error))
