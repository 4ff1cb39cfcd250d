"""How the anomaly family does on real images, taught with its defaults.

    EDGEINSPECT_DATA=FOLDER python benchmarks/models/anomaly.py [--seeds 5] [--good 16]
        [--grade accurate] [--elpv FOLDER]

Every set is split anew by each seed, and never by what came out:
magnetic-tile: 200 of the tiles in `train/good` teach, the published test images are judged.
DeepPCB: each board type on its own; 60 % of its templates teach, the other 40 % and the boards
that belong to them are judged.
elpv: 200 of the cells with p = 0 teach (half of them where there are fewer than 400), the other
ones and all with p = 1 are judged, mono and poly apart. Its folder is that of PyPI's elpv-dataset,
with `labels.csv` in it.
The sample: its own split.
`--good N` teaches from N images instead.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from edgeinspect.core.manifest import Grade
from edgeinspect.core.recipe import Recipe
from edgeinspect.datasets.layout import GOOD, LabelledImage, good_images, test_images
from edgeinspect.models.evaluate.evaluate import evaluate
from edgeinspect.models.evaluate.measures import Evaluation
from edgeinspect.models.judge import load_judge
from edgeinspect.models.teach.teach import Birth, teach

BOARDS = ("00041", "12100", "13000", "20085", "77000", "92000")
SAMPLE = Path(__file__).resolve().parents[2] / "datasets" / "sample"


@dataclass(frozen=True, slots=True)
class Split:
    """Images to teach from, and images to judge."""

    taught: list[Path]
    judged: list[LabelledImage]


def drawn(good: list[Path], count: int, rng: np.random.Generator) -> tuple[list[Path], list[Path]]:
    """Draw `count` images to teach from; the rest is returned too."""
    order = rng.permutation(len(good))
    return [good[place] for place in sorted(order[:count])], [
        good[place] for place in sorted(order[count:])
    ]


def tiles(data: Path, count: int | None, rng: np.random.Generator) -> Split:
    folder = data / "magnetic-tile"
    taught, _ = drawn(list(good_images(folder)), count or 200, rng)
    return Split(taught, list(test_images(folder)))


def board(data: Path, kind: str, count: int | None, rng: np.random.Generator) -> Split:
    templates = sorted((data / "deeppcb").glob(f"*/template/{kind}*.jpg"))
    taught, unseen = drawn(templates, round(0.6 * len(templates)), rng)
    judged = [LabelledImage(path, GOOD) for path in unseen]
    for path in unseen:
        judged.append(LabelledImage(path.parents[1] / "defective" / path.name, "defective"))
    return Split(taught[:count], judged)


def solar(folder: Path, kind: str, count: int | None, rng: np.random.Generator) -> Split:
    rows = [line.split() for line in (folder / "labels.csv").read_text().splitlines()]
    cells = {
        share: [folder / name for name, p, type_ in rows if type_ == kind and float(p) == share]
        for share in (0.0, 1.0)
    }
    good = cells[0.0]
    taught, unseen = drawn(good, count or min(200, len(good) // 2), rng)
    judged = [LabelledImage(path, GOOD) for path in unseen]
    return Split(taught, judged + [LabelledImage(path, "defective") for path in cells[1.0]])


def splits(
    data: Path, elpv: Path | None, seeds: int, count: int | None
) -> Iterator[tuple[str, list[Split]]]:
    def rngs() -> list[np.random.Generator]:
        return [np.random.default_rng(seed) for seed in range(seeds)]

    yield "sample", [Split(list(good_images(SAMPLE))[:count], list(test_images(SAMPLE)))]
    yield "magnetic-tile", [tiles(data, count, rng) for rng in rngs()]
    for kind in BOARDS:
        yield f"DeepPCB {kind}", [board(data, kind, count, rng) for rng in rngs()]
    if elpv:
        for kind in ("mono", "poly"):
            yield f"elpv {kind}", [solar(elpv, kind, count, rng) for rng in rngs()]


def run(split: Split, grade: Grade, folder: Path) -> tuple[Evaluation, float]:
    model = folder / "model.onnx"
    start = perf_counter()
    teach(split.taught, model, Birth("benchmark", "benchmark", grade))
    taught_s = perf_counter() - start
    return evaluate(split.judged, load_judge(model), Recipe()), taught_s


def row(name: str, split: list[Split], grade: Grade, folder: Path) -> tuple[str, float]:
    runs = [run(each, grade, folder) for each in split]
    aurocs = [result.image_auroc or 0.0 for result, _ in runs]
    escapes = np.mean([result.escapes / result.bad for result, _ in runs])
    overkill = np.mean([result.overkill / result.good for result, _ in runs])
    first = split[0]
    line = (
        f"| {name} | {len(first.taught)} | {runs[0][0].good} + {runs[0][0].bad} "
        f"| {np.mean(aurocs):.3f} ± {np.std(aurocs):.3f} | {escapes:.1%} | {overkill:.1%} "
        f"| {np.mean([taught_s for _, taught_s in runs]):.1f} |"
    )
    return line, float(np.mean(aurocs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--good", type=int, default=None)
    parser.add_argument("--grade", type=Grade, default=Grade.FAST)
    parser.add_argument("--elpv", type=Path, default=None)
    given = parser.parse_args()
    print("| set | taught | judged good + bad | image AUROC | escapes | overkill | taught_s |")
    print("|---|---|---|---|---|---|---|")
    means: dict[str, list[float]] = {}
    data = Path(os.environ["EDGEINSPECT_DATA"])
    with tempfile.TemporaryDirectory() as folder:
        for name, split in splits(data, given.elpv, given.seeds, given.good):
            line, mean = row(name, split, given.grade, Path(folder))
            print(line, flush=True)
            means.setdefault("DeepPCB" if name.startswith("DeepPCB") else name, []).append(mean)
    del means["sample"]
    print({name: round(float(np.mean(each)), 3) for name, each in means.items()})
    print(f"mean over the sets: {np.mean([np.mean(each) for each in means.values()]):.3f}")


if __name__ == "__main__":
    main()
