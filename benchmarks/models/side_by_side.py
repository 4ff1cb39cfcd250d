"""This project beside its peers: same images, same machine, taking turns.

    python -m benchmarks.models.side_by_side PARTS FOLDER [--teach 200] [--time 120]
        [--rounds 2] [--threads 2] [--only TASK] [--runtime RUNTIME]

PARTS holds `train/good` and `test/CLASS`. FOLDER is made, or gone on with: what is taught and
scored there already is kept, and only time is taken anew. The peers' environments are made in
`.venv-peers`, once. Prints the tables, and writes them to FOLDER/peers.md and all numbers to
FOLDER/peers.json. What is compared, and how: benchmarks/models/peers/README.md.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from edgeinspect.datasets.layout import good_images, test_images

from .peers.entries import ANOMALY, DETECTION, ENTRIES, RUNTIMES
from .peers.groups import Plan, groups, measured
from .peers.machine import described
from .peers.rows import rows
from .peers.table import tables
from .peers.teaching import taught
from .peers.turns import spread


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--teach", type=int, default=200)
    parser.add_argument("--time", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="", choices=["", ANOMALY, DETECTION])
    parser.add_argument("--runtime", default="", choices=["", *RUNTIMES])
    return parser.parse_args()


def plan_of(said: argparse.Namespace) -> Plan:
    judged = test_images(said.parts)
    good = [image.path for image in judged if image.is_good]
    bad = [image.path for image in judged if not image.is_good]
    timed = spread(good, said.time // 2) + spread(bad, said.time // 2)
    taught_from = spread(good_images(said.parts), said.teach)
    return Plan(said.folder.resolve(), taught_from, judged, timed, said.rounds, said.threads)


def main() -> None:
    said = asked()
    plan, known = plan_of(said), {}
    wanted = list(groups(ENTRIES, said.only, said.runtime))
    for entry in (each for group in wanted for each in group.entries):
        if entry.folder not in known:
            known[entry.folder] = taught(entry, plan.folder, plan.taught)
    came_out = [measured(group, plan, known) for group in wanted]
    lines = rows(came_out, known)
    text = f"{described(plan.threads)}\n\n{tables(lines)}"
    print(text)
    (plan.folder / "peers.md").write_text(text)
    (plan.folder / "peers.json").write_text(json.dumps([asdict(row) for row in lines], indent=2))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped.")
