"""How the server's care for its records goes: whether rounds succeed, and since when not."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Keeping:
    """When a round last succeeded, and since when and why they fail; None where there is nothing
    to say.
    """

    kept_at: datetime | None = None
    failing_since: datetime | None = None
    trouble: str | None = None

    def succeeded(self, now: datetime) -> "Keeping":
        """Return the state after a round that did all there was to do."""
        return Keeping(kept_at=now)

    def failed(self, now: datetime, trouble: str) -> "Keeping":
        """Return the state after a round that failed; the first of a row gives the time."""
        return replace(self, failing_since=self.failing_since or now, trouble=trouble)
