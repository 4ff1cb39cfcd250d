"""What marked defects add to a model of good parts, on magnetic tiles.

    EDGEINSPECT_DATA=FOLDER python benchmarks/models/known.py [--marked 20] [--seeds 5]
        [--good 200] [--unmarked CLASS]

Each seed draws the good tiles that teach, and of each class the tiles that are marked; all other
defective tiles and the published good test tiles are judged. Recall is that at the threshold which
2 % of the judged good tiles reach. Of the defective tiles that reach the model's own threshold it
is told how many are named right, wrong, or unknown, by their strongest finding. Of the class
`--unmarked` no tile is marked.
"""

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from edgeinspect.datasets.images import read_image
from edgeinspect.datasets.layout import GOOD, LabelledImage, good_images, test_images
from edgeinspect.datasets.marked import UNKNOWN, MarkedDefects
from edgeinspect.models.judge import load_judge
from edgeinspect.models.teach.teach import Birth, teach
from edgeinspect.quality.roc import auroc

OVERKILL = 0.02
BLANK = {"exp4_num_45057", "exp3_num_45042", "exp4_num_124690", "exp4_num_352527"}
"""Tiles of the class uneven whose masks mark nothing: they are judged, never marked."""


@dataclass(frozen=True, slots=True)
class Split:
    """Good images and marked ones to teach from, and images to judge."""

    good: list[Path]
    marked: MarkedDefects
    judged: list[LabelledImage]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one image: its true label, its score, and the name of its strongest finding."""

    label: str
    score: float
    name: str | None


def split(data: Path, given: argparse.Namespace, seed: int) -> Split:
    folder = data / "magnetic-tile"
    rng = np.random.default_rng(seed)
    good = good_images(folder)
    drawn = [good[place] for place in sorted(rng.permutation(len(good))[: given.good])]
    images = test_images(folder)
    labels = sorted({image.label for image in images if not image.is_good})
    marked: list[LabelledImage] = []
    for label in labels:
        own = [image for image in images if image.label == label]
        order = [own[place] for place in rng.permutation(len(own))]
        usable = [image for image in order if image.path.stem not in BLANK]
        marked += usable[: given.marked] if label != given.unmarked else []
    taught = {image.path for image in marked}
    classes = tuple(label for label in labels if label != given.unmarked)
    rest = [image for image in images if image.path not in taught]
    return Split(drawn, MarkedDefects(classes, tuple(marked)), rest)


def outcomes(one: Split, model: Path) -> Iterator[Outcome]:
    judge = load_judge(model)
    for image in one.judged:
        judged = judge.judge(read_image(image.path), judge.manifest.threshold.value)
        name = judged.findings[0].class_name if judged.findings else None
        yield Outcome(image.label, judged.score, name)


def named(found: list[Outcome]) -> dict[str, float]:
    """Return the shares of defective parts that reach the threshold, by how they are named."""
    bad = [each for each in found if each.label != GOOD and each.name is not None]
    words = Counter(
        UNKNOWN if each.name == UNKNOWN else "right" if each.name == each.label else "wrong"
        for each in bad
    )
    return {word: words[word] / len(bad) for word in ("right", "wrong", UNKNOWN)}


def measures(found: list[Outcome]) -> dict[str, float]:
    good = np.array([each.score for each in found if each.label == GOOD])
    bad = {label: np.array([e.score for e in found if e.label == label]) for label in labels(found)}
    threshold = np.quantile(good, 1 - OVERKILL, method="higher")
    own = [each.name is not None for each in found if each.label == GOOD]
    recalls = {label: float((scores > threshold).mean()) for label, scores in bad.items()}
    ranking = auroc(good, np.concatenate(list(bad.values())))
    return {"AUROC": ranking, "overkill": float(np.mean(own))} | recalls | named(found)


def labels(found: list[Outcome]) -> list[str]:
    return sorted({each.label for each in found if each.label != GOOD})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marked", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--good", type=int, default=200)
    parser.add_argument("--unmarked", default=None)
    given = parser.parse_args()
    rows: list[dict[str, float]] = []
    data = Path(os.environ["EDGEINSPECT_DATA"])
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.onnx"
        for seed in range(given.seeds):
            one = split(data, given, seed)
            start = perf_counter()
            defects = one.marked if one.marked.images else None
            teach(one.good, model, Birth("benchmark", "benchmark"), defects=defects)
            taught_s = perf_counter() - start
            rows.append(measures(list(outcomes(one, model))) | {"taught_s": taught_s})
            print(seed, {name: round(value, 3) for name, value in rows[-1].items()}, flush=True)
    print(f"mean of {given.seeds}, {given.marked} marked a class, without {given.unmarked}:")
    for name in rows[0]:
        values = [row[name] for row in rows]
        print(f"| {name} | {np.mean(values):.3f} ± {np.std(values):.3f} |")


if __name__ == "__main__":
    main()
