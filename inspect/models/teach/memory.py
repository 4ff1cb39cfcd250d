"""A memory of good cells, wherever they lay: how far a cell is from the nearest of them.

After Roth et al., "Towards Total Recall in Industrial Anomaly Detection" (PatchCore), 2022. Here
cells are whitened over all positions first, and the memory is chosen by greedy farthest points.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..graph_writer import GraphWriter
from .expert import Cells, Distances, Taught

SHRINKAGE = 0.1
VARIANCE_FLOOR = 1e-8
MEMORY_CELLS = 1000
CANDIDATE_CELLS = 10_000
STATISTICS_CELLS = 50_000
ACCEPTED_CELLS = 64
"""Of an image that is taken for good as it is: the strangest ones."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CellMemory:
    """Mean (channels,), whitening (channels, channels) and the kept cells, white."""

    mean: Floats
    whitening: Floats
    kept: Floats

    @classmethod
    def taught(cls, cells: Cells) -> Taught:
        """Fit to the cells of good images, (images, cells, channels)."""
        flat = cells.reshape(-1, cells.shape[2])
        rng = np.random.default_rng(0)
        seen = flat[_some(len(flat), STATISTICS_CELLS, rng)].astype(np.float32)
        mean = seen.mean(axis=0)
        whitening = _whitening(seen - mean)
        candidates = _some(len(flat), CANDIDATE_CELLS, rng)
        white = (flat[candidates].astype(np.float32) - mean) @ whitening
        chosen = _farthest(white, MEMORY_CELLS)
        owner = candidates[chosen] // cells.shape[1]
        memory = cls(mean, whitening, white[chosen])
        left_out = [memory._nearest(image, owner != i) for i, image in enumerate(cells)]
        return Taught(memory, np.stack(left_out))

    def distances(self, cells: Cells) -> Distances:
        """Return the distance of every cell to the nearest kept one, (images, cells)."""
        everything = np.ones(len(self.kept), np.bool_)
        return np.stack([self._nearest(image, everything) for image in cells])

    def accepting(self, cells: Cells) -> Self:
        """Return a memory that also keeps the strangest cells of these images."""
        more = [self.kept]
        for image, distances in zip(cells, self.distances(cells), strict=True):
            strangest = np.argsort(-distances, kind="stable")[:ACCEPTED_CELLS]
            more.append((image[strangest] - self.mean) @ self.whitening)
        return replace(self, kept=np.concatenate(more))

    def add_to(self, graph: GraphWriter, cells: str, name: str) -> str:
        """Add the distances of `cells` (cells, channels) of one image; the output is (cells,)."""
        x = graph.node("Sub", [cells, graph.floats(f"{name}.mean", self.mean)], f"{name}.centred")
        whitening = graph.floats(f"{name}.whitening", self.whitening)
        white = graph.node("MatMul", [x, whitening], f"{name}.white")
        twice = graph.floats(f"{name}.kept", -2 * self.kept.T)
        cross = graph.node("MatMul", [white, twice], f"{name}.cross")
        kept_square = graph.floats(f"{name}.kept_square", np.square(self.kept).sum(axis=1))
        partial = graph.node("Add", [cross, kept_square], f"{name}.partial")
        least = graph.node("ReduceMin", [partial], f"{name}.least", axes=[1], keepdims=0)
        own = graph.node("ReduceSumSquare", [white], f"{name}.own", axes=[1], keepdims=0)
        square = graph.node("Add", [least, own], f"{name}.square")
        positive = graph.node("Relu", [square], f"{name}.positive")
        return graph.node("Sqrt", [positive], name)

    def _nearest(self, cells: Cells, usable: NDArray[np.bool_]) -> Floats:
        """Return the distance of one image's cells to the nearest of the `usable` kept ones."""
        white = (cells.astype(np.float32) - self.mean) @ self.whitening
        kept = self.kept[usable]
        partial = np.square(kept).sum(axis=1) - 2 * white @ kept.T
        square = partial.min(axis=1) + np.square(white).sum(axis=1)
        return np.asarray(np.sqrt(np.maximum(square, 0)), np.float32)


def _some(count: int, most: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return at most `most` of the numbers below `count`, drawn at random, in order."""
    if count <= most:
        return np.arange(count)
    return np.sort(rng.choice(count, most, replace=False))


def _whitening(centred: Floats) -> Floats:
    """Return the matrix that gives `centred` unit variance along its principal axes, shrunk."""
    covariance = (centred.T @ centred).astype(np.float64) / len(centred)
    variances, axes = np.linalg.eigh(covariance)
    shrunk = variances + SHRINKAGE * variances.mean() + VARIANCE_FLOOR
    return np.asarray(axes / np.sqrt(shrunk), np.float32)


def _farthest(points: Floats, count: int) -> NDArray[np.int64]:
    """Return `count` indices, each of the point farthest from those before it.

    The first is the one farthest from the mean. Gonzalez' greedy 2-approximation of k-centre.
    """
    squares = np.square(points).sum(axis=1)
    chosen = [int(squares.argmax())]
    nearest = np.full(len(points), np.inf, np.float32)
    for _ in range(min(count, len(points)) - 1):
        last = chosen[-1]
        np.minimum(nearest, squares + squares[last] - 2 * points @ points[last], out=nearest)
        chosen.append(int(nearest.argmax()))
    return np.array(chosen)
