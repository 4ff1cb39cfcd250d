"""What drawn boxes teach on bare boards (DeepPCB), all on the CPU and without torch.

    EDGEINSPECT_DATA=FOLDER python benchmarks/models/known_boards.py [--grade accurate] [--alone]

The 250 boards of `trainval` with their boxes teach, and their templates as good parts; the 125
boards of `test` are judged, with their templates as good ones. Board types seen in teaching and
others are told apart. With `--alone` it is taught on good parts alone.
"""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from edgeinspect.core.finding import BoxPx
from edgeinspect.core.manifest import Grade
from edgeinspect.core.recipe import Recipe
from edgeinspect.datasets.labels.boxes import BoxedImage, LabelledBox
from edgeinspect.datasets.layout import GOOD, LabelledImage
from edgeinspect.datasets.marked import MarkedDefects
from edgeinspect.models.evaluate.defects import TrueBox
from edgeinspect.models.evaluate.judging import judge_images
from edgeinspect.models.evaluate.outcome import Outcome
from edgeinspect.models.judge import ModelJudge, load_judge
from edgeinspect.models.teach.teach import Birth, teach
from edgeinspect.quality.roc import auroc

CLASSES = ("open", "short", "mousebite", "spur", "copper", "pin-hole")
SIDE_PX = 640
TYPE = 5
"""Letters of a board's name that say its type."""


def boxes_of(label: Path) -> tuple[LabelledBox, ...]:
    """Read `x1 y1 x2 y2 class` of each line, classes from 1."""
    rows = [[int(word) for word in line.split()] for line in label.read_text().splitlines()]
    return tuple(LabelledBox(row[4] - 1, _box(row)) for row in rows if row)


def _box(row: Sequence[int]) -> BoxPx:
    return float(row[0]), float(row[1]), float(row[2]), float(row[3])


def boards(folder: Path) -> tuple[BoxedImage, ...]:
    """Return the defective boards of one split with their boxes."""
    labels = sorted((folder / "labels").glob("*.txt"))
    images = [folder / "defective" / f"{label.stem}.jpg" for label in labels]
    return tuple(
        BoxedImage(image, SIDE_PX, SIDE_PX, boxes_of(label))
        for image, label in zip(images, labels, strict=True)
    )


def judged(judge: ModelJudge, images: Sequence[BoxedImage], name: str) -> None:
    """Print how well boards of `images` are told from their templates, and their boxes found."""
    bad = [LabelledImage(image.path, "defective") for image in images]
    good = [LabelledImage(template(image.path), GOOD) for image in images]
    true = {
        image.path: [TrueBox(CLASSES[box.class_index], box.box_px) for box in image.boxes]
        for image in images
    }
    done = judge_images([*good, *bad], judge, Recipe(), boxes=true)
    ranking = auroc(scores(done.outcomes[: len(good)]), scores(done.outcomes[len(good) :]))
    fails = [each.judgement is not None and bool(each.judgement.findings) for each in done.outcomes]
    overkill, recall = np.mean(fails[: len(good)]), np.mean(fails[len(good) :])
    print(
        f"{name}: {len(images)} boards, image AUROC {ranking:.3f}, of the defective {recall:.3f} "
    )
    print(f"  and of the good {overkill:.3f} fail at the suggested threshold")
    if done.boxes is not None:
        print(f"  mAP50 {done.boxes.map50:.3f}, mAP50-95 {done.boxes.map50_95:.3f}")
        for each in done.boxes.classes:
            print(f"  {each.label}: AP50 {each.ap50:.3f}, {each.found} of {each.boxes} found")


def template(board: Path) -> Path:
    """Return the picture of the same board without a defect."""
    return board.parents[1] / "template" / board.name


def scores(outcomes: Sequence[Outcome]) -> np.ndarray:
    """Return the score of each image."""
    return np.array([each.judgement.score for each in outcomes if each.judgement is not None])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grade", type=Grade, default=Grade.FAST)
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    data = Path(os.environ["EDGEINSPECT_DATA"]) / "deeppcb"
    taught, tested = boards(data / "trainval"), boards(data / "test")
    defects = None if given.alone else MarkedDefects(CLASSES, taught)
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "boards.onnx"
        start = perf_counter()
        good = [template(board.path) for board in taught]
        birth = Birth("boards", "benchmark", given.grade)
        manifest = teach(good, model, birth, defects=defects, threads=given.threads)
        print(f"taught in {perf_counter() - start:.0f} s", end=", ")
        print(f"input {manifest.input_width_px}x{manifest.input_height_px}", flush=True)
        judge = load_judge(model, threads=given.threads)
        types = {board.path.name[:TYPE] for board in taught}
        for name, seen in (("types seen", True), ("types not seen", False)):
            judged(judge, [b for b in tested if (b.path.name[:TYPE] in types) == seen], name)


if __name__ == "__main__":
    main()
