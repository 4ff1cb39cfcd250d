"""Those who are compared with one another: one task in one runtime."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgeinspect.datasets.layout import LabelledImage

from .entries import RUNTIMES, Entry
from .scores import aurocs
from .serving import Judged, Serving
from .teaching import Taught


@dataclass(frozen=True, slots=True)
class Plan:
    """What is taught from, what is judged, what of it is timed, and how."""

    folder: Path
    taught: Sequence[Path]
    judged: Sequence[LabelledImage]
    timed: Sequence[Path]
    rounds: int
    threads: int


@dataclass(frozen=True, slots=True)
class Group:
    """All that do one task in one runtime."""

    task: str
    runtime: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out for a group, by key; who failed stands in `failed` alone."""

    group: Group
    aurocs: Mapping[str, float]
    timed: Mapping[str, Judged]
    memory_mb: Mapping[str, float]
    failed: Mapping[str, str]


def groups(entries: Sequence[Entry], task: str, in_runtime: str) -> Iterator[Group]:
    """Yield the groups, of all tasks or of one, in all runtimes or in one; "" is all."""
    for each in dict.fromkeys(entry.task for entry in entries):
        for runtime in RUNTIMES:
            theirs = tuple(e for e in entries if e.task == each and runtime in e.runtimes)
            if theirs and task in ("", each) and in_runtime in ("", runtime):
                yield Group(each, runtime, theirs)


def measured(group: Group, plan: Plan, known: Mapping[str, Taught]) -> Measured:
    """Score and time all of the group that were taught, in turns."""
    able = [entry for entry in group.entries if not known[entry.folder].failed]
    scored = [entry for entry in able if entry.scored]
    with Serving.of(able, group.runtime, plan.folder, plan.threads) as serving:
        ranked = aurocs(scored, serving, group.runtime, plan.judged, plan.folder)
        timed = serving.judged(list(serving.workers), plan.timed, plan.rounds)
        memory_mb = {key: serving.memory_mb(key) for key in timed}
    return Measured(group, ranked, timed, memory_mb, serving.failed)
