"""Rates and Pareto as they are answered."""

from typing import Self

from pydantic import AwareDatetime, Field

from ...core.frozen import FrozenModel
from ...quality import pareto, rates
from ...quality.buckets import Span


class Rate(FrozenModel):
    """A share of parts with its 95 % confidence interval (Wilson)."""

    value: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)

    @classmethod
    def of(cls, rate: rates.Rate | None) -> Self | None:
        """Return the answer for a rate."""
        if rate is None:
            return None
        return cls(value=rate.value, low=rate.low, high=rate.high)


class Counts(FrozenModel):
    """Production parts of a stretch of time."""

    start: AwareDatetime
    end: AwareDatetime = Field(description="Lies outside")
    passed: int
    failed: int
    review: int
    inspected: int
    defect_rate: Rate | None = Field(description="Failed among inspected; null of no parts")
    first_pass_yield: Rate | None = Field(
        description="Parts that passed when first inspected, among parts; null of no parts"
    )

    @classmethod
    def of(cls, span: Span, tally: rates.Tally) -> Self:
        """Return the answer for what was tallied in `span`."""
        return cls(
            start=span.start,
            end=span.end,
            passed=tally.passed,
            failed=tally.failed,
            review=tally.review,
            inspected=tally.inspected,
            defect_rate=Rate.of(tally.defect_rate),
            first_pass_yield=Rate.of(tally.first_pass_yield),
        )


class Rates(FrozenModel):
    """Counts over time, and altogether."""

    buckets: tuple[Counts, ...]
    total: Counts


class ParetoItem(FrozenModel):
    """One defect class among the failed parts."""

    class_name: str = Field(alias="class")
    parts: int
    share: float = Field(description="Of the sum over all classes")
    cumulative: float = Field(description="Share of this and all more frequent classes")

    @classmethod
    def of(cls, item: pareto.ParetoItem) -> Self:
        """Return the answer for one class."""
        return cls(
            class_name=item.class_name,
            parts=item.parts,
            share=item.share,
            cumulative=item.cumulative,
        )


class Pareto(FrozenModel):
    """Defect classes, the most frequent first."""

    items: tuple[ParetoItem, ...]
