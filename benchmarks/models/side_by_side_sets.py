"""How well this project and its peers tell good parts from bad ones, on many sets.

    EDGEINSPECT_DATA=FOLDER python -m benchmarks.models.side_by_side_sets FOLDER
        [--elpv FOLDER] [--seeds 1] [--threads 2]

The sets and their splits are those of benchmarks/models/anomaly.py; everyone learns from the same
images, and judges the same, in onnxruntime. FOLDER is made, or gone on with. Prints one table;
no time is taken here. Who the peers are: benchmarks/models/peers/README.md.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from .anomaly import Split, splits
from .peers.entries import ANOMALY, ENTRIES, ONNXRUNTIME, Entry
from .peers.scores import aurocs
from .peers.serving import Serving
from .peers.teaching import taught

RANKED = tuple(entry for entry in ENTRIES if entry.task == ANOMALY and entry.scored)


def ranked(split: Split, folder: Path, threads: int) -> Mapping[str, float]:
    """Teach all from the split and return the image AUROC of those that could be, by key."""
    able = [entry for entry in RANKED if not taught(entry, folder, split.taught).failed]
    with Serving.of(able, ONNXRUNTIME, folder, threads) as serving:
        return aurocs(able, serving, ONNXRUNTIME, split.judged, folder)


def line(name: str, values: Mapping[str, float]) -> str:
    cells = [f"{values[e.key]:.3f}" if e.key in values else "–" for e in RANKED]
    return f"| {name} | {' | '.join(cells)} |"


def means(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each entry that has a value in every run."""
    always = [e.key for e in RANKED if all(e.key in run for run in runs)]
    return {key: float(np.mean([run[key] for run in runs])) for key in always}


def of_set(name: str, split: Sequence[Split], folder: Path, threads: int) -> dict[str, float]:
    places = [folder / f"{name.replace(' ', '-')}-{seed}" for seed in range(len(split))]
    return means([ranked(each, at, threads) for each, at in zip(split, places, strict=True)])


def head(entries: Sequence[Entry]) -> str:
    names = [entry.name for entry in entries]
    return f"| set | {' | '.join(names)} |\n|{'---|' * (len(names) + 1)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--elpv", type=Path, default=None)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    said = parser.parse_args()
    data, folder = Path(os.environ["EDGEINSPECT_DATA"]), said.folder.resolve()
    print(head(RANKED))
    kinds: dict[str, list[Mapping[str, float]]] = {}
    for name, split in splits(data, said.elpv, said.seeds, None):
        values = of_set(name, split, folder, said.threads)
        print(line(name, values), flush=True)
        kinds.setdefault("DeepPCB" if name.startswith("DeepPCB") else name, []).append(values)
    del kinds["sample"]
    print(
        line("mean, DeepPCB as one, without the sample", means([means(k) for k in kinds.values()]))
    )


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped.")
