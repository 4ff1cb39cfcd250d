"""A Gaussian at every position: what a cell there looks like on good parts (PaDiM).

After Defard et al., "PaDiM: a Patch Distribution Modeling Framework for Anomaly Detection and
Localization", 2020. Here all channels are kept, at unit length, and the covariance is shrunk
towards a multiple of the identity, so that few images do.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..graph_writer import GraphWriter
from .features import Cells

SHRINKAGE = 0.2
VARIANCE_FLOOR = 1e-8


@dataclass(frozen=True, slots=True)
class PositionGaussian:
    """Mean (cells, channels) and whitening (cells, channels, channels) of every position."""

    mean: NDArray[np.float32]
    whitening: NDArray[np.float32]

    @classmethod
    def fit(cls, cells: Cells) -> Self:
        """Fit to the cells of good images, (images, cells, channels)."""
        mean = cells.mean(axis=0)
        centred = (cells - mean).transpose(1, 0, 2).astype(np.float64)
        scatter = centred.transpose(0, 2, 1) @ centred / max(1, len(cells) - 1)
        channels = scatter.shape[1]
        spread = np.trace(scatter, axis1=1, axis2=2)[:, None, None] / channels
        eye = np.eye(channels)
        covariance = (1 - SHRINKAGE) * scatter + (SHRINKAGE * spread + VARIANCE_FLOOR) * eye
        whitening = np.linalg.cholesky(np.linalg.inv(covariance))
        return cls(mean, whitening.astype(np.float32))

    def distances(self, cells: Cells) -> NDArray[np.float32]:
        """Return the Mahalanobis distance of every cell, (images, cells)."""
        white = (cells - self.mean).transpose(1, 0, 2) @ self.whitening
        return np.asarray(np.linalg.norm(white, axis=2).T, np.float32)

    def add_to(self, graph: GraphWriter, cells: str, name: str) -> str:
        """Add the distances of `cells` (cells, channels) of one image; the output is (cells,)."""
        mean, whitening = graph.floats(f"{name}.mean", self.mean), f"{name}.whitening"
        x = graph.node("Sub", [cells, mean], f"{name}.centred")
        x = graph.node("Unsqueeze", [x, graph.integers(f"{name}.row", 1)], f"{name}.rows")
        x = graph.node("MatMul", [x, graph.floats(whitening, self.whitening)], f"{name}.white")
        x = graph.node("ReduceL2", [x], name, axes=[1, 2], keepdims=0)
        return x
