"""The table that is printed, and goes into the docs."""

from collections.abc import Callable, Iterator, Sequence

from .row import Row, Times

Value = float | None
NONE = "–"
QUALITY = {"anomaly": "image AUROC", "detection": "boxes as ultralytics in onnxruntime"}
HEADS = ("ms, median", "p95", "images/s", "memory, MB", "installed, MB", "teaching, s")


def tables(rows: Sequence[Row]) -> str:
    """Return a table in Markdown for every task and runtime, in the order of the rows."""
    kinds = list(dict.fromkeys((row.task, row.runtime) for row in rows))
    parts = (
        _table(kind, [row for row in rows if (row.task, row.runtime) == kind]) for kind in kinds
    )
    return "\n\n".join(parts) + "\n"


def _table(kind: tuple[str, str], rows: Sequence[Row]) -> str:
    task, runtime = kind
    heads = ("who", "backbone", QUALITY[task], *HEADS)
    lines = [f"### {task}, {runtime}", "", _line(heads), _line(["---"] * len(heads))]
    lines += [_line(list(_cells(row))) for row in rows]
    failed = [f"- {row.name} ({row.backbone}): {row.failed}" for row in rows if row.failed]
    return "\n".join(lines + (["", "Could not run:", "", *failed] if failed else []))


def _cells(row: Row) -> Iterator[str]:
    yield row.name
    yield row.backbone
    yield (
        f"{row.agreement.twins} of {row.agreement.boxes}"
        if row.agreement
        else _said(row.auroc, "{:.3f}")
    )
    yield _of_times(row, lambda times: times.median_ms, "{:.1f}")
    yield _of_times(row, lambda times: times.p95_ms, "{:.1f}")
    yield _of_times(row, lambda times: times.per_second, "{:.0f}")
    yield _said(row.memory_mb, "{:.0f}")
    yield _said(row.installed_mb, "{:.0f}")
    yield _said(row.taught_s, "{:.1f}")


def _quality(row: Row) -> str:
    if row.agreement:
        return f"{row.agreement.twins} of {row.agreement.boxes}"
    return _said(row.auroc, "{:.3f}")


def _of_times(row: Row, take: Callable[[Times], float], form: str) -> str:
    return _said(take(row.times) if row.times else None, form)


def _said(value: Value, form: str) -> str:
    return NONE if value is None else form.format(value)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
