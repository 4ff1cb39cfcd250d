"""The vital few among the defect classes."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class ParetoItem:
    """One class: how many parts show it, its share of all, and the share up to and with it.

    A part with two classes counts in both, so the shares are of the sum over the classes.
    """

    class_name: str
    parts: int
    share: float
    cumulative: float


def pareto(parts_by_class: Mapping[str, int]) -> tuple[ParetoItem, ...]:
    """Rank defect classes, the most frequent first, equals by name.

    J. M. Juran, "Quality Control Handbook" (1951): the Pareto principle.
    """
    ranked = sorted(parts_by_class.items(), key=lambda item: (-item[1], item[0]))
    ranked = [(class_name, parts) for class_name, parts in ranked if parts > 0]
    total = sum(parts for _, parts in ranked)
    sums = accumulate(parts for _, parts in ranked)
    return tuple(
        ParetoItem(class_name, parts, parts / total, so_far / total)
        for (class_name, parts), so_far in zip(ranked, sums, strict=True)
    )
