"""How the anomaly family does on real images, taught with its defaults.

    EDGEINSPECT_DATA=FOLDER python benchmarks/models/anomaly.py [--seeds 5]

DeepPCB: each board type on its own; a seeded 60 % of its templates teach, the other 40 % and the
boards that belong to them are judged. Magnetic tiles: 60 and 200 of the good tiles teach, the
published test images are judged. The sample: its own split, once.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from edgeinspect.core.recipe import Recipe
from edgeinspect.datasets.layout import GOOD, LabelledImage, good_images, test_images
from edgeinspect.models.evaluate.evaluate import evaluate
from edgeinspect.models.evaluate.measures import Evaluation
from edgeinspect.models.judge import load_judge
from edgeinspect.models.teach.teach import teach

BOARDS = ("00041", "12100", "13000", "20085", "77000", "92000")
SAMPLE = Path(__file__).resolve().parents[2] / "datasets" / "sample"


@dataclass(frozen=True, slots=True)
class Split:
    """Images to teach from, and images to judge."""

    taught: list[Path]
    judged: list[LabelledImage]


def tiles(data: Path, count: int, rng: np.random.Generator) -> Split:
    folder = data / "magnetic-tile"
    good = good_images(folder)
    taught = [good[place] for place in sorted(rng.choice(len(good), count, replace=False))]
    return Split(taught, list(test_images(folder)))


def board(data: Path, kind: str, rng: np.random.Generator) -> Split:
    templates = sorted((data / "deeppcb").glob(f"*/template/{kind}*.jpg"))
    order = rng.permutation(len(templates))
    cut = round(0.6 * len(templates))
    unseen = [templates[place] for place in sorted(order[cut:])]
    judged = [LabelledImage(path, GOOD) for path in unseen]
    for path in unseen:
        judged.append(LabelledImage(path.parents[1] / "defective" / path.name, "defective"))
    return Split([templates[place] for place in sorted(order[:cut])], judged)


def splits(data: Path, seeds: int) -> Iterator[tuple[str, list[Split]]]:
    rngs = [np.random.default_rng(seed) for seed in range(seeds)]
    if SAMPLE.is_dir():
        yield "sample", [Split(list(good_images(SAMPLE)), list(test_images(SAMPLE)))]
    for count in (60, 200):
        yield f"magnetic-tile, {count} good", [tiles(data, count, rng) for rng in rngs]
    for kind in BOARDS:
        yield f"DeepPCB {kind}", [board(data, kind, rng) for rng in rngs]


def run(split: Split, folder: Path) -> tuple[Evaluation, float]:
    model = folder / "model.onnx"
    start = perf_counter()
    teach(split.taught, model, name="benchmark", created_by="benchmark")
    taught_s = perf_counter() - start
    return evaluate(split.judged, load_judge(model), Recipe()), taught_s


def row(name: str, split: list[Split], folder: Path) -> str:
    runs = [run(each, folder) for each in split]
    aurocs = [result.image_auroc or 0.0 for result, _ in runs]
    escapes = np.mean([result.escapes / result.bad for result, _ in runs])
    overkill = np.mean([result.overkill / result.good for result, _ in runs])
    first = split[0]
    return (
        f"| {name} | {len(first.taught)} | {runs[0][0].good} + {runs[0][0].bad} "
        f"| {np.mean(aurocs):.3f} ± {np.std(aurocs):.3f} | {escapes:.1%} | {overkill:.1%} "
        f"| {np.mean([taught_s for _, taught_s in runs]):.1f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    seeds = parser.parse_args().seeds
    print("| set | taught | judged good + bad | image AUROC | escapes | overkill | taught_s |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, split in splits(Path(os.environ["EDGEINSPECT_DATA"]), seeds):
            print(row(name, split, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
