"""Lines and circles through points of which some are wrong.

Candidates through few of the points are held against all (RANSAC, Fischler and Bolles, 1981), with
every pair or a fixed choice of triples, so that the same picture has the same answer; the points
that agree with the best are fitted by least squares.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ..core.errors import MeasuringError
from .plane import Points

LEAST_AGREEING = 0.6
TRIPLES = 200
ROUNDS = 12
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """Through `middle`, along `direction` (of length 1); `scatter` is that of single points about
    it, `points` their number, `spread` the root of their squared places along it, summed.
    """

    middle: Floats
    direction: Floats
    scatter: float
    points: int
    spread: float


@dataclass(frozen=True, slots=True)
class Circle:
    """`scatter` is that of single points about it, `points` their number."""

    centre: Floats
    radius: float
    scatter: float
    points: int


def line_through(points: Points, tolerance: float) -> Line:
    """Return the line most points agree with, within `tolerance`. Raises MeasuringError."""
    one, other = (points[each] for each in _pairs(len(points)))
    along = other - one
    length = np.linalg.norm(along, axis=1)
    along, one = along[length > 0] / length[length > 0, None], one[length > 0]
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    off = np.abs(normal @ points.T - (normal * one).sum(axis=1)[:, None])
    good = _most_agreeing(off, tolerance, 2, "straight edge")
    kept = points[good]
    middle = kept.mean(axis=0)
    _, _, axes = np.linalg.svd(kept - middle)
    along_each = (kept - middle) @ axes[0]
    rest = (kept - middle) @ axes[1]
    scatter = float(np.sqrt((rest**2).sum() / max(1, len(kept) - 2)))
    return Line(middle, axes[0], scatter, len(kept), float(np.sqrt((along_each**2).sum())))


def circle_through(points: Points, tolerance: float) -> Circle:
    """Return the circle most points agree with, within `tolerance`. Raises MeasuringError."""
    centres, radii = _circles(points, _triples(len(points)))
    off = np.abs(np.linalg.norm(points[None] - centres[:, None], axis=2) - radii[:, None])
    kept = points[_most_agreeing(off, tolerance, 3, "circle")]
    centre, radius = _least_squares(kept)
    rest = np.linalg.norm(kept - centre, axis=1) - radius
    scatter = float(np.sqrt((rest**2).sum() / max(1, len(kept) - 3)))
    return Circle(centre, radius, scatter, len(kept))


def _most_agreeing(off: Floats, tolerance: float, least: int, what: str) -> NDArray[np.bool_]:
    """Return which points agree with the best candidate; `off` is (candidates, points)."""
    if not len(off):
        raise MeasuringError(f"no {what} goes through its points")
    good = off <= tolerance
    # Of candidates with as many points the closer one.
    cost = np.where(good, (off / tolerance) ** 2, 1.0).sum(axis=1)
    best = np.asarray(good[cost.argmin()], np.bool_)
    if best.sum() < least or best.mean() < LEAST_AGREEING:
        raise MeasuringError(f"only {best.mean():.0%} of its points lie on one {what}")
    return best


@lru_cache(maxsize=64)
def _pairs(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    pairs = np.array(list(combinations(range(count), 2)), np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


@lru_cache(maxsize=64)
def _triples(count: int) -> NDArray[np.int64]:
    if count < 3:
        return np.empty((0, 3), np.int64)
    chance = np.random.default_rng(count)
    return np.stack([chance.choice(count, 3, replace=False) for _ in range(TRIPLES)])


def _circles(points: Points, triples: NDArray[np.int64]) -> tuple[Points, Floats]:
    """Return the circles through triples of points; of those on a line none."""
    a, b, c = (points[triples[:, n]] for n in range(3))
    ab, ac = b - a, c - a
    twice = 2 * (ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0])
    round_ones = np.abs(twice) > 1e-9
    a, ab, ac, twice = a[round_ones], ab[round_ones], ac[round_ones], twice[round_ones]
    b2, c2 = (ab**2).sum(axis=1), (ac**2).sum(axis=1)
    away = np.stack([ac[:, 1] * b2 - ab[:, 1] * c2, ab[:, 0] * c2 - ac[:, 0] * b2], axis=1)
    away /= twice[:, None]
    return a + away, np.linalg.norm(away, axis=1)


def _least_squares(points: Points) -> tuple[Floats, float]:
    """Return the circle with the least squares of distances from it (Gauss and Newton)."""
    columns = np.column_stack([2 * points, np.ones(len(points))])
    right, down, rest = np.linalg.lstsq(columns, (points**2).sum(axis=1), rcond=None)[0]
    centre, radius = np.array([right, down]), float(np.sqrt(rest + right**2 + down**2))
    for _ in range(ROUNDS):
        away = points - centre
        far = np.linalg.norm(away, axis=1)
        slopes = np.column_stack([-away / far[:, None], -np.ones(len(points))])
        move = np.linalg.lstsq(slopes, radius - far, rcond=None)[0]
        centre, radius = centre + move[:2], radius + float(move[2])
    return centre, radius
