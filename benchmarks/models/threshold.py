"""Whether the bounds of thresholds hold as often as they claim.

    python benchmarks/models/threshold.py [--draws 1000]
    EDGEINSPECT_DATA=FOLDER python benchmarks/models/threshold.py --real

Without `--real`, good and bad scores are drawn from known distributions, so the true overkill and
escapes of a threshold are known. With it, a model is taught from 60 magnetic tiles and scores all
other good ones and the defective ones; from these scores parts are drawn, with replacement (what
is true is then the share among all), and split in two without (the promise for the next parts).
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from edgeinspect.core.recipe import Recipe
from edgeinspect.datasets.layout import GOOD, LabelledImage, good_images, test_images
from edgeinspect.models.evaluate.count import labelled_scores
from edgeinspect.models.evaluate.judging import judge_images
from edgeinspect.models.judge import load_judge
from edgeinspect.models.teach.teach import Birth, teach
from edgeinspect.models.teach.threshold import threshold_from_good
from edgeinspect.quality.promise import promise
from edgeinspect.quality.tradeoff import LabelledScores, Prices, cheapest, fixed_point
from edgeinspect.quality.upcoming import most_of_upcoming

Scores = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Scores]

CONFIDENCE = 0.95
POPULATION = 400_000
PRICES = Prices(escape=50, overkill=1, defect_rate=0.02)


@dataclass(frozen=True, slots=True)
class Population:
    """All parts there are: how to draw some, and what is true of them, ascending."""

    name: str
    draw_good: Draw
    draw_bad: Draw
    good: Scores
    bad: Scores

    def overkill(self, threshold: float) -> float:
        return float(1 - np.searchsorted(self.good, threshold) / self.good.size)

    def escape(self, threshold: float) -> float:
        return float(np.searchsorted(self.bad, threshold) / self.bad.size)


def known() -> Iterator[Population]:
    """Known distributions; what is true of them is read off their quantiles."""
    z, few = _normal_quantiles(97 * POPULATION // 100), _normal_quantiles(3 * POPULATION // 100)
    bad = 5 + 1.5 * z
    shares = (np.arange(POPULATION) + 0.5) / POPULATION
    t = (2 * shares - 1) / np.sqrt(2 * shares * (1 - shares))
    yield _drawn("normal", lambda r, n: r.normal(3, 1, n), 3 + z, bad)
    yield _drawn("log-normal", lambda r, n: r.lognormal(0, 0.8, n), np.exp(0.8 * z), bad)
    yield _drawn("heavy tail (t, 2)", lambda r, n: r.standard_t(2, n), t, bad)
    yield _drawn(
        "two lots",
        lambda r, n: r.normal(0, 1, n) + 6 * (r.random(n) < 0.03),
        np.sort(np.concatenate([z, 6 + few])),
        bad,
    )
    yield _drawn("ties", lambda r, n: r.normal(3, 1, n).round(1), (3 + z).round(1), bad)


def _drawn(name: str, draw_good: Draw, good: Scores, bad: Scores) -> Population:
    return Population(name, draw_good, lambda rng, count: rng.normal(5, 1.5, count), good, bad)


def _normal_quantiles(count: int) -> Scores:
    middles = (np.arange(count) + 0.5) / count
    return np.array([NormalDist().inv_cdf(share) for share in middles.tolist()])


def real(data: Path, folder: Path) -> Population:
    tiles = data / "magnetic-tile"
    every = list(good_images(tiles))
    order = np.random.default_rng(0).permutation(len(every))
    taught = [every[place] for place in sorted(order[:60])]
    unseen = [LabelledImage(every[place], GOOD) for place in sorted(order[60:])]
    teach(taught, folder / "tile.onnx", Birth("tile", "benchmark"))
    judge = load_judge(folder / "tile.onnx")
    images = [LabelledImage(each.path, each.label) for each in test_images(tiles)]
    judged = judge_images([*unseen, *images], judge, Recipe())
    found = labelled_scores(judged.outcomes)
    good, bad = np.sort(found.good), np.sort(found.bad)
    name = f"magnetic tiles, {good.size} good and {bad.size} bad"
    return Population(
        name, lambda r, n: r.choice(good, n), lambda r, n: r.choice(bad, n), good, bad
    )


def promised(people: Population, count: int, overkill: float, rng: np.random.Generator) -> bool:
    """A threshold keeps the promise that was asked for."""
    made = promise(people.draw_good(rng, count), overkill, CONFIDENCE)
    assert made.threshold is not None
    return people.overkill(made.threshold) <= overkill


def fixed(people: Population, count: int, rng: np.random.Generator) -> bool:
    """The bounds of a threshold that was fixed before hold; here, where 3 % are overkill."""
    threshold = float(np.quantile(people.good, 0.97))
    scores = LabelledScores(people.draw_good(rng, count), people.draw_bad(rng, count), {})
    point = fixed_point(scores, threshold, CONFIDENCE)
    assert point.overkill and point.escape
    return people.overkill(threshold) <= point.overkill.at_most


def picked(people: Population, count: int, rng: np.random.Generator) -> tuple[bool, bool]:
    """The bounds of the cheapest threshold hold, though it was picked by these very parts."""
    scores = LabelledScores(people.draw_good(rng, count), people.draw_bad(rng, count // 2), {})
    found = cheapest(scores, PRICES, CONFIDENCE)
    assert found and found.point.overkill and found.point.escape
    threshold = found.point.threshold
    return (
        people.overkill(threshold) <= found.point.overkill.at_most,
        people.escape(threshold) <= found.point.escape.at_most,
    )


def naive(people: Population, count: int, rng: np.random.Generator) -> bool:
    """What would come of the plain bound for a threshold that was picked by these parts."""
    scores = LabelledScores(people.draw_good(rng, count), people.draw_bad(rng, count // 2), {})
    found = cheapest(scores, PRICES, CONFIDENCE)
    assert found
    point = fixed_point(scores, found.point.threshold, CONFIDENCE)
    assert point.escape
    return people.escape(point.threshold) <= point.escape.at_most


def suggested(people: Population, count: int, rng: np.random.Generator) -> bool:
    """The bound that a new model's manifest states for its suggestion holds."""
    basis = threshold_from_good(people.draw_good(rng, count).astype(np.float32))
    assert basis.overkill_bound is not None
    return people.overkill(basis.value) <= basis.overkill_bound


def split(people: Population, count: int, rng: np.random.Generator) -> bool:
    """Of the parts that a split leaves, no more fail than was promised of the next ones."""
    order = rng.permutation(people.good)
    made = promise(order[:count], 0.05, CONFIDENCE)
    assert made.threshold is not None and made.allowed is not None
    rest = order[count:]
    most = most_of_upcoming(made.allowed, count, rest.size, CONFIDENCE)
    return bool((rest >= made.threshold).sum() <= most)


def share(draws: int, holds: Callable[[np.random.Generator], bool]) -> str:
    rng = np.random.default_rng(0)
    return f"{np.mean([holds(rng) for _ in range(draws)]):.1%}"


def row(people: Population, draws: int, is_real: bool) -> str:
    cells = [
        share(draws, lambda rng: promised(people, 149, 0.02, rng)),
        share(draws, lambda rng: promised(people, 700, 0.02, rng)),
        share(draws, lambda rng: fixed(people, 120, rng)),
        share(draws, lambda rng: picked(people, 60, rng)[0]),
        share(draws, lambda rng: picked(people, 60, rng)[1]),
        share(draws, lambda rng: naive(people, 60, rng)),
        share(draws, lambda rng: suggested(people, 60, rng)),
    ]
    if is_real:
        cells.append(share(draws, lambda rng: split(people, 200, rng)))
    return f"| {people.name} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--real", action="store_true")
    options = parser.parse_args()
    heads = [
        "scores", "promise of 2 %, 149 good", "700 good", "fixed, 120 good",
        "least cost, 60 good: overkill", "30 bad: escapes", "(plain bound)", "suggestion, 60 good",
    ]  # fmt: skip
    if options.real:
        heads.append("the rest of a split, 200 good")
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    if not options.real:
        for people in known():
            print(row(people, options.draws, is_real=False), flush=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        people = real(Path(os.environ["EDGEINSPECT_DATA"]), Path(folder))
        print(row(people, options.draws, is_real=True))


if __name__ == "__main__":
    main()
