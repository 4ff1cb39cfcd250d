"""How a camera is: what stands in the way of its pictures, if anything."""

from dataclasses import dataclass

from ..core.delivery import StationMode


@dataclass(frozen=True, slots=True)
class Condition:
    """`running`, `degraded` or `fault`, and why."""

    mode: StationMode = StationMode.RUNNING
    reason: str | None = None


FINE = Condition()


def fault(reason: str) -> Condition:
    """Return the condition of a camera that hands out nothing that can be judged."""
    return Condition(StationMode.FAULT, reason)


def degraded(reason: str) -> Condition:
    """Return the condition of a camera that works, and not as it should."""
    return Condition(StationMode.DEGRADED, reason)
