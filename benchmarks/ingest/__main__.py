"""How fast inspections become records, beside the limits of the same machine in the same run.

    python -m benchmarks.ingest [--brokers mosquitto embedded] [--databases sqlite postgresql]
        [--stations 10] [--parts 20000] [--rates 1000 3000] [--rounds 3]

Every round takes its turn at each of: stations that send as fast as they may, stations that send
at each rate, a bare paho subscriber, bare inserts of the same rows. Medians over the rounds.
"""

import argparse
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.models.peers.machine import described

from .processes import postgres
from .rows import inserts_per_second
from .runs import bare_subscriber, ingest
from .table import Found, tables


def main() -> None:
    given = _asked()
    found = Found()
    with ExitStack() as stack:
        server, pid = (
            stack.enter_context(postgres()) if "postgresql" in given.databases else (None, None)
        )
        for number in range(given.rounds):
            print(f"round {number + 1}, load average {os.getloadavg()[0]:.1f}", flush=True)
            _round(given, found, server, pid)
    print(f"\n{described(1)}\n\n{tables(found)}")


def _round(given: argparse.Namespace, found: Found, server: Any, pid: int | None) -> None:
    sizes = ("--stations", given.stations, "--parts", given.parts)
    for database in given.databases:
        postgresql = database == "postgresql"
        found.inserts[database].append(_bare_inserts(server if postgresql else None, given.parts))
        for broker in given.brokers:
            for rate in (None, *given.rates):
                url = server.new_database() if postgresql else None
                load = sizes if rate is None else (*sizes, "--rate", rate)
                run = ingest(broker, url, pid if postgresql else None, load)
                found.runs[broker, database, rate].append(run)
                print(
                    f"  {broker} {database} {rate or 'flood'}: {run.per_second:.0f}/s", flush=True
                )
    for broker in given.brokers:
        found.bare[broker].append(bare_subscriber(broker, sizes, given.parts))


def _bare_inserts(server: Any, parts: int) -> float:
    if server is not None:
        return inserts_per_second(server.new_database(), parts)
    with tempfile.TemporaryDirectory(prefix="edgeinspect-ingest-") as folder:
        return inserts_per_second(f"sqlite:///{Path(folder) / 'records.sqlite3'}", parts)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    brokers, databases = ["mosquitto", "embedded"], ["sqlite", "postgresql"]
    parser.add_argument("--brokers", nargs="+", choices=brokers, default=brokers)
    parser.add_argument("--databases", nargs="+", choices=databases, default=databases)
    parser.add_argument("--stations", type=int, default=10)
    parser.add_argument("--parts", type=int, default=20_000)
    parser.add_argument("--rates", type=float, nargs="*", default=[1000.0, 3000.0])
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
