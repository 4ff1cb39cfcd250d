"""What happens to a part after its verdict."""

from typing import Protocol

from ..core.verdict import Verdict


class Actuator(Protocol):
    """The gate, lamp or PLC that acts on a verdict."""

    def act(self, verdict: Verdict) -> None:
        """Act on the part just judged; must return within a few milliseconds."""
        ...


class NoActuator:
    """The station only watches: nothing is moved."""

    def act(self, verdict: Verdict) -> None:
        """Move nothing."""
