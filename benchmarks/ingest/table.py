"""What was found, as tables."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from .runs import Run

Key = tuple[str, str, float | None]
"""Broker, database, and the rate in parts a second; None where stations sent all they could."""
_HEAD = (
    "| broker | database | sent at | recorded/s | of bare paho | of bare inserts | lost | resent "
    "| p50 ms | p99 ms | CPU, us a part | memory, MB |\n" + "|---" * 12 + "|"
)


@dataclass
class Found:
    """Every run, and the limits in inspections a second, each of every round."""

    runs: dict[Key, list[Run]] = field(default_factory=lambda: defaultdict(list))
    bare: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    inserts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def tables(found: Found) -> str:
    """Return a line for each broker, database and rate, after the limits they are held against."""
    return "\n".join([*_limits(found), "", _HEAD, *map(str, _lines(found))])


def _limits(found: Found) -> Iterator[str]:
    for broker, rates in found.bare.items():
        yield f"- {broker} to one bare paho subscriber: {median(rates):.0f} a second"
    for database, rates in found.inserts.items():
        yield f"- bare inserts into {database}, 500 a commit: {median(rates):.0f} a second"


def _lines(found: Found) -> Iterator[str]:
    for (broker, database, rate), runs in found.runs.items():
        per_second = median(run.per_second for run in runs)
        cells = (
            broker,
            database,
            "full speed" if rate is None else f"{rate:.0f}/s",
            f"{per_second:.0f}",
            f"{per_second / median(found.bare[broker]):.2f}",
            f"{per_second / median(found.inserts[database]):.2f}",
            str(sum(run.outcome.parts - run.kept for run in runs)),
            str(sum(run.outcome.resent for run in runs)),
            f"{median(run.outcome.p50_ms for run in runs):.0f}",
            f"{median(run.outcome.p99_ms for run in runs):.0f}",
            _each(runs, "cpu"),
            _each(runs, "memory"),
        )
        yield f"| {' | '.join(cells)} |"


def _each(runs: Sequence[Run], what: str) -> str:
    said = []
    for name in runs[0].took:
        of = [run.took[name] for run in runs]
        if what == "cpu":
            each = median(
                1e6 * use.cpu_s / run.outcome.parts for use, run in zip(of, runs, strict=True)
            )
            said.append(f"{name} {each:.0f}")
        elif name != "stations":
            said.append(f"{name} {median(use.memory_mb for use in of):.0f}")
    return ", ".join(said)
