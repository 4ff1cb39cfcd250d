"""How long the API takes to answer over few rows and over ten times as many.

    make bench-records DATABASE=sqlite
    make bench-records DATABASE=postgresql ROWS="200040 2000040"

For each size a database is filled with the parts of a made plant, over one year however many there
are, a server of the product (uvicorn, on loopback) is started on it and asked from another process.
The databases lie in `--folder` (for PostgreSQL in $TMPDIR) one after the other and are removed; 20
million rows take about 40 GB. Times are told by size, with the growth from first to last. The
bar is a p99 below 50 ms and a growth below 1.3, of those marked. The exit status is 1 above it.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from postgres import running_postgres
from processes import running, wait_for_port

from benchmarks.records.ask import JUDGED, Answered, ask
from benchmarks.records.fill import fill
from benchmarks.records.free_port import free_port

P99_MS, GROWTH = 50.0, 1.3
BYTES_A_ROW = 2200
_SETTINGS = """\
data = "{data}"
log_level = "error"
[mqtt]
port = {nobody}
[server]
port = {port}
"""


def measure(place: str | Path, folder: Path, total: int) -> list[Answered]:
    start = perf_counter()
    print(f"filling with {total:,} parts", flush=True)
    fill(place, total)
    print(f"  took {perf_counter() - start:.0f} s", flush=True)
    port = free_port()
    settings = _SETTINGS.format(data=folder, nobody=free_port(), port=port)
    if isinstance(place, str):
        settings += f'database = "{place}"\n'
    config = folder / "edgeinspect.toml"
    config.write_text(settings, encoding="utf-8")
    with running("server", "--config", str(config)):
        wait_for_port(port, 60)
        return list(ask(port, total))


@contextmanager
def place_of(kind: str, folder: Path) -> Iterator[str | Path]:
    """Give the place of an empty database, which is removed afterwards."""
    if kind == "sqlite":
        yield folder / "records.sqlite3"
        return
    with running_postgres(free_port()) as server:
        yield server.new_database()


def tell(sizes: list[int], answered: list[list[Answered]]) -> bool:
    """Print the times, and say whether all are below the bar."""
    heads = [f"p50 / p99 at {size:,}, ms" for size in sizes]
    print("\n| question |", " | ".join(heads), "| growth of p50 / p99 | bar |")
    print("|---|" + "---|" * (len(sizes) + 2))
    met = True
    for several in zip(*answered, strict=True):
        first, last = several[0], several[-1]
        growth = (last.p50_ms / first.p50_ms, last.p99_ms / first.p99_ms)
        times = " | ".join(f"{each.p50_ms:.1f} / {each.p99_ms:.1f}" for each in several)
        verdict = ""
        if first.question in JUDGED:
            good = max(each.p99_ms for each in several) < P99_MS and growth[1] < GROWTH
            verdict, met = "met" if good else "missed", met and good
        print(f"| {first.question} | {times} | {growth[0]:.2f} / {growth[1]:.2f} | {verdict} |")
    return met


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rows", type=int, nargs="+", default=[2_000_040, 20_000_040])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    given = parser.parse_args()
    free = shutil.disk_usage(given.folder).free
    if (needed := max(given.rows) * BYTES_A_ROW) > free:
        sys.exit(f"{given.folder}: {free / 1e9:.0f} GB are free, {needed / 1e9:.0f} are needed")
    answered = []
    for total in given.rows:
        with (
            tempfile.TemporaryDirectory(dir=given.folder, prefix="bench-records-") as folder,
            place_of(given.database, Path(folder)) as place,
        ):
            answered.append(measure(place, Path(folder), total // 120 * 120))
    sys.exit(0 if tell(given.rows, answered) else 1)


if __name__ == "__main__":
    main()
