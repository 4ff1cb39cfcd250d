"""Shares of parts, with their uncertainty."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054
"""Two-sided 95 % quantile of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of parts, 0 to 1, and the bounds of its 95 % confidence interval."""

    value: float
    low: float
    high: float


def rate(parts: int, of: int) -> Rate | None:
    """Return the share `parts / of` with its Wilson score interval; None of no parts at all.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927) 209-212.
    Raises ValueError unless 0 <= parts <= of.
    """
    if not 0 <= parts <= of:
        raise ValueError(f"{parts} of {of} parts is no share")
    if of == 0:
        return None
    value, z2 = parts / of, Z_95**2
    centre = (value + z2 / (2 * of)) / (1 + z2 / of)
    reach = Z_95 / (1 + z2 / of) * sqrt(value * (1 - value) / of + z2 / (4 * of**2))
    low = 0.0 if parts == 0 else max(0.0, centre - reach)
    high = 1.0 if parts == of else min(1.0, centre + reach)
    return Rate(value, low, high)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of parts; the `first_*` count every part once, by its first verdict."""

    passed: int = 0
    failed: int = 0
    review: int = 0
    first_inspected: int = 0
    first_passed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.passed + other.passed,
            self.failed + other.failed,
            self.review + other.review,
            self.first_inspected + other.first_inspected,
            self.first_passed + other.first_passed,
        )

    @property
    def inspected(self) -> int:
        """All parts, whatever the verdict."""
        return self.passed + self.failed + self.review

    @property
    def defect_rate(self) -> Rate | None:
        """Failed parts among all inspected; a part in review is not (yet) failed."""
        return rate(self.failed, self.inspected)

    @property
    def first_pass_yield(self) -> Rate | None:
        """Parts that passed at their first inspection among all parts, without rework.

        ISO 22400-2, first pass yield: good parts by inspected parts, each part counted once.
        """
        return rate(self.first_passed, self.first_inspected)
