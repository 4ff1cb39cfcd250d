"""From what came out to the lines of the table."""

from collections.abc import Mapping, Sequence

from .agreement import Agreement, agreement
from .entries import DETECTION, ONNXRUNTIME, Entry
from .environments import installed_mb
from .groups import Measured
from .row import Row, Times
from .serving import Judged
from .teaching import Taught

REFERENCE = "yolo"
"""Whose boxes, in onnxruntime, all detectors' are compared with."""


def rows(came_out: Sequence[Measured], known: Mapping[str, Taught]) -> list[Row]:
    """Return a line for every entry in every runtime."""
    wanted = next(
        (each.timed.get(REFERENCE) for each in came_out if _has_reference(each)),
        None,
    )
    return [
        _row(entry, each, known[entry.folder], wanted)
        for each in came_out
        for entry in each.group.entries
    ]


def _has_reference(measured: Measured) -> bool:
    return (measured.group.task, measured.group.runtime) == (DETECTION, ONNXRUNTIME)


def _row(entry: Entry, measured: Measured, taught: Taught, wanted: Judged | None) -> Row:
    said = measured.timed.get(entry.key)
    return Row(
        entry.task,
        measured.group.runtime,
        entry.name,
        entry.backbone,
        auroc=measured.aurocs.get(entry.key),
        agreement=_agreement(said, wanted),
        times=Times.of([each["ms"] for each in said]) if said else None,
        memory_mb=measured.memory_mb.get(entry.key),
        installed_mb=installed_mb(entry.environment),
        taught_s=taught.seconds,
        failed=taught.failed or measured.failed.get(entry.key),
    )


def _agreement(said: Judged | None, wanted: Judged | None) -> Agreement | None:
    if not said or not wanted or said[0]["boxes"] is None:
        return None
    return agreement([each["boxes"] for each in said], [each["boxes"] for each in wanted])
