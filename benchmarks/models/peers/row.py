"""A line of the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Self

from .agreement import Agreement


@dataclass(frozen=True, slots=True)
class Times:
    """How long single images took, in ms, and how many were judged in a second of judging."""

    median_ms: float
    p95_ms: float
    per_second: float

    @classmethod
    def of(cls, taken_ms: Sequence[float]) -> Self:
        """Sum up; there is at least one."""
        ordered = sorted(taken_ms)
        p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
        return cls(median(ordered), p95, 1e3 / mean(ordered))


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one in one runtime; None is what there is not, `failed` why it stopped."""

    task: str
    runtime: str
    name: str
    backbone: str
    auroc: float | None = None
    agreement: Agreement | None = None
    times: Times | None = None
    memory_mb: float | None = None
    installed_mb: float | None = None
    taught_s: float | None = None
    failed: str | None = None
