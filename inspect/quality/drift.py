"""Whether a measured share of its limits creeps away from the usual, part by part."""

from dataclasses import dataclass
from datetime import datetime

WEIGHT = 0.05
"""Of the newest part in the mean: about the last twenty count."""
ONSET, WARN, CALM = 0.25, 0.5, 0.35
"""Shares of the way to a limit: where a drift is dated from, is told, and is over again."""
LEAST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Drift:
    """The exponentially weighted mean (Roberts 1959) of a share, 0 the usual and -1 and 1 the
    limits; since when it is on its way to one, and whether that is told.
    """

    mean: float = 0.0
    parts: int = 0
    since: datetime | None = None
    is_told: bool = False

    def after(self, share: float, at: datetime) -> "Drift":
        """Return the drift with one more part; `share` counts up to twice its limit."""
        share = min(max(share, -2.0), 2.0)
        parts = self.parts + 1
        weight = max(WEIGHT, 1 / parts)  # the first parts are averaged alike
        mean = self.mean + weight * (share - self.mean)
        away = abs(mean)
        since = None if away < ONSET else self.since or at
        least = CALM if self.is_told else WARN
        return Drift(mean, parts, since, parts >= LEAST_PARTS and away >= least)
