"""A Gaussian at every position: what a cell there looks like on good parts (PaDiM).

After Defard et al., "PaDiM: a Patch Distribution Modeling Framework for Anomaly Detection and
Localization", 2020. Here all channels are kept, at unit length, and the covariance is shrunk
towards a multiple of the identity, so that few images do.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..graph_writer import GraphWriter
from .expert import Cells, Distances, Taught

SHRINKAGE = 0.2
VARIANCE_FLOOR = 1e-8

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PositionGaussian:
    """Mean (cells, channels) and whitening (cells, channels, channels) of every position.

    `accepted` (images, cells, channels) are white cells taken for good as they are: a cell is as
    far as it is from the mean or from the nearest of them.
    """

    mean: Floats
    whitening: Floats
    accepted: Floats

    @classmethod
    def taught(cls, cells: Cells) -> Taught:
        """Fit to the cells of good images, (images, cells, channels)."""
        images, positions, channels = cells.shape
        mean = np.empty((positions, channels), np.float32)
        whitening = np.empty((positions, channels, channels), np.float32)
        left_out = np.empty((images, positions), np.float32)
        for place in range(positions):
            here = cells[:, place].astype(np.float64)
            mean[place] = here.mean(axis=0)
            whitening[place], left_out[:, place] = _at_one_position(here - here.mean(axis=0))
        return Taught(cls(mean, whitening, mean[None][:0]), left_out)

    def distances(self, cells: Cells) -> Distances:
        """Return the Mahalanobis distance of every cell, (images, cells)."""
        white = self._white(cells)
        least = np.linalg.norm(white, axis=2)
        for each in self.accepted:
            np.minimum(least, np.linalg.norm(white - each, axis=2), out=least)
        return np.asarray(least, np.float32)

    def accepting(self, cells: Cells) -> Self:
        """Return a Gaussian that also takes these images' cells for good."""
        return replace(self, accepted=np.concatenate([self.accepted, self._white(cells)]))

    def add_to(self, graph: GraphWriter, cells: str, name: str) -> str:
        """Add the distances of `cells` (cells, channels) of one image; the output is (cells,)."""
        mean = graph.floats(f"{name}.mean", self.mean)
        x = graph.node("Sub", [cells, mean], f"{name}.centred")
        x = graph.node("Unsqueeze", [x, graph.integers(f"{name}.row", 1)], f"{name}.rows")
        whitening = graph.halves(f"{name}.whitening", self.whitening)
        white = graph.node("MatMul", [x, whitening], f"{name}.white")
        if not len(self.accepted):
            return graph.node("ReduceL2", [white], name, axes=[1, 2], keepdims=0)
        return self._add_accepted(graph, white, name)

    def _add_accepted(self, graph: GraphWriter, white: str, name: str) -> str:
        origin = np.zeros_like(self.accepted[:1])
        centres = np.concatenate([origin, self.accepted]).transpose(1, 0, 2)
        to_each = [white, graph.halves(f"{name}.accepted", centres)]
        x = graph.node("Sub", to_each, f"{name}.from_each")
        x = graph.node("ReduceL2", [x], f"{name}.lengths", axes=[2], keepdims=0)
        return graph.node("ReduceMin", [x], name, axes=[1], keepdims=0)

    def _white(self, cells: Cells) -> Floats:
        white = (cells - self.mean).transpose(1, 0, 2) @ self.whitening
        return np.asarray(white.transpose(1, 0, 2), np.float32)


def _at_one_position(centred: NDArray[np.float64]) -> tuple[Floats, Floats]:
    """Return the whitening of `centred` (images, channels), and the distance of each image from
    the Gaussian of all others.

    Without image i the scatter loses a multiple of its outer product, and the target of the
    shrinkage its part: along the scatter's axes both are simple, and the distance follows from
    the one with the image by Sherman and Morrison's formula.
    """
    count, channels = centred.shape
    variances, axes = np.linalg.eigh(centred.T @ centred / (count - 1))
    along = np.square(centred @ axes)
    target = SHRINKAGE * variances.mean() + VARIANCE_FLOOR
    whitening = axes / np.sqrt((1 - SHRINKAGE) * variances + target)
    gone = count / ((count - 1) * (count - 2)) * along.sum(axis=1) / channels
    grown = (count - 1) / (count - 2)
    targets = SHRINKAGE * (grown * variances.mean() - gone) + VARIANCE_FLOOR
    square = (along / ((1 - SHRINKAGE) * grown * variances + targets[:, None])).sum(axis=1)
    loss = (1 - SHRINKAGE) * count / ((count - 1) * (count - 2))
    without = square / np.maximum(1 - loss * square, 1e-6) * (count / (count - 1)) ** 2
    # Kept as float16 in the file: what is taught here is what the line will use.
    kept = whitening.astype(np.float16).astype(np.float32)
    return kept, np.sqrt(without).astype(np.float32)
