"""A memory of good cells, wherever they lay: how far a cell is from the nearest of them.

After Roth et al., "Towards Total Recall in Industrial Anomaly Detection" (PatchCore), 2022. Here
cells are whitened over all positions first, and the memory is chosen by greedy farthest points.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..graph_writer import GraphWriter
from .features import Cells

SHRINKAGE = 0.1
VARIANCE_FLOOR = 1e-8
MEMORY_CELLS = 1000
CANDIDATE_CELLS = 10_000

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CellMemory:
    """Mean (channels,), whitening (channels, channels) and the kept cells, white."""

    mean: Floats
    whitening: Floats
    kept: Floats

    @classmethod
    def fit(cls, cells: Cells) -> Self:
        """Fit to the cells of good images, (images, cells, channels)."""
        flat = cells.reshape(-1, cells.shape[2])
        mean = flat.mean(axis=0)
        whitening = _whitening(flat - mean)
        if len(flat) > CANDIDATE_CELLS:
            choice = np.random.default_rng(0).choice(len(flat), CANDIDATE_CELLS, replace=False)
            flat = flat[choice]
        white = (flat - mean) @ whitening
        return cls(mean, whitening, white[_farthest(white, MEMORY_CELLS)])

    def distances(self, cells: Cells) -> Floats:
        """Return the distance of every cell to the nearest kept one, (images, cells)."""
        return np.stack([self._nearest((image - self.mean) @ self.whitening) for image in cells])

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

    def _nearest(self, white: Floats) -> Floats:
        partial = np.square(self.kept).sum(axis=1) - 2 * white @ self.kept.T
        square = partial.min(axis=1) + np.square(white).sum(axis=1)
        return np.asarray(np.sqrt(np.maximum(square, 0)), np.float32)


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
