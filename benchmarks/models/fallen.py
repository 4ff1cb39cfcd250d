"""What it brings to lay parts upright that lie as they fall, on made and on real ones.

    [EDGEINSPECT_DATA=FOLDER] python -m benchmarks.models.fallen [--good 16 60] [--seeds 3]
        [--elpv FOLDER] [--preview FILE.png]

Drawn parts (`fallen_parts`) and the sample's washers lie at any angle. Real magnetic tiles and
solar cells (PyPI's elpv-dataset), with their real faults, are pasted on a green table at any angle.
Each set is judged as its parts lie, and as teaching lays them, learned from the images taught.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from edgeinspect.core.frame import Image
from edgeinspect.core.manifest import Grade
from edgeinspect.core.upright import Uprighting
from edgeinspect.models.placement import Laying, laid
from edgeinspect.models.teach.features import FeatureReader, Features
from edgeinspect.models.teach.form import form_of
from edgeinspect.models.teach.learn import learn
from edgeinspect.models.upright.fit import ENOUGH_IMAGES, fit
from edgeinspect.quality.roc import auroc

from .fallen_parts.sets import Fallen, drawn_set, solar_set, tile_set, washer_set
from .fallen_parts.shapes import PARTS

FORM = form_of(Grade.FAST)


@dataclass(frozen=True, slots=True)
class Result:
    """How a way of laying parts did over the seeds."""

    laid: str
    aurocs: list[float]


def sets(elpv: Path | None) -> Iterator[tuple[str, Fallen]]:
    for name, part in PARTS.items():
        yield name, drawn_set(part)
    yield "washer of the sample", washer_set()
    if "EDGEINSPECT_DATA" in os.environ:
        yield "magnetic tile", tile_set(Path(os.environ["EDGEINSPECT_DATA"]) / "magnetic-tile")
    if elpv:
        for kind in ("mono", "poly"):
            yield f"solar cell {kind}", solar_set(elpv, kind)


def features(images: Sequence[Image], upright: Uprighting | None) -> Features:
    reader = FeatureReader(FORM, Laying(upright=upright), 1)
    read = [reader.read(image) for image in images]
    return {tap: np.concatenate([each[tap] for each in read]) for tap in FORM.taps}


def of(features: Features, places: Sequence[int]) -> Features:
    return {tap: cells[places] for tap, cells in features.items()}


def judged(taught: Features, good: Features, bad: Features) -> float:
    model = learn(taught, FORM, lambda _done: None)
    good_scores, bad_scores = (model.scores(each).astype(np.float64) for each in (good, bad))
    return auroc(good_scores, bad_scores)


def chosen(images: int, count: int, seeds: int) -> Iterator[list[int]]:
    for seed in range(seeds if count < images else 1):
        yield sorted(np.random.default_rng(seed).permutation(images)[:count].tolist())


def as_they_lie(fallen: Fallen, count: int, seeds: int) -> Result:
    taught, good, bad = (features(each, None) for each in (fallen.taught, fallen.good, fallen.bad))
    places = chosen(len(fallen.taught), count, seeds)
    return Result("whole", [judged(of(taught, each), good, bad) for each in places])


def upright(fallen: Fallen, count: int, seeds: int) -> Result:
    aurocs, ways = [], []
    for places in chosen(len(fallen.taught), count, seeds):
        taught = [fallen.taught[place] for place in places]
        by = fit(taught[:ENOUGH_IMAGES])
        ways.append("whole" if by is None else "turned" if by.turns else "centred")
        aurocs.append(judged(*(features(each, by) for each in (taught, fallen.good, fallen.bad))))
    return Result("/".join(dict.fromkeys(ways)), aurocs)


def row(name: str, count: int, before: Result, after: Result, fallen: Fallen) -> str:
    told = [f"{np.mean(r.aurocs):.3f} ± {np.std(r.aurocs):.3f}" for r in (before, after)]
    judged_on = f"{len(fallen.good)} + {len(fallen.bad)}"
    return f"| {name} | {count} | {judged_on} | {told[0]} | {told[1]} | {after.laid} |"


def preview(fallen: Fallen) -> Image:
    """Return some bad parts as they lie, and below them as they are laid."""
    by = fit(fallen.taught[:ENOUGH_IMAGES])
    bad = fallen.bad[:: max(1, len(fallen.bad) // 8)][:8]
    size = (160, 160)
    whole = [cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in bad]
    return np.vstack(
        [
            np.hstack(whole),
            np.hstack([laid(each, *size, Laying(upright=by)).pixels for each in bad]),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--good", type=int, nargs="+", default=[16, 60])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--elpv", type=Path)
    parser.add_argument("--preview", type=Path)
    given = parser.parse_args()
    print("| part | taught | judged good + bad | as it lies | upright | laid |")
    print("|---|---|---|---|---|---|")
    pictures = []
    for name, fallen in sets(given.elpv):
        if given.preview:
            pictures.append(preview(fallen))
            continue
        for count in given.good:
            before = as_they_lie(fallen, count, given.seeds)
            after = upright(fallen, count, given.seeds)
            print(row(name, count, before, after, fallen), flush=True)
    if given.preview:
        cv2.imwrite(str(given.preview), np.vstack(pictures))


if __name__ == "__main__":
    main()
