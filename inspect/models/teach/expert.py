"""What every expert of the anomaly family can do."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..graph_writer import GraphWriter

Cells = NDArray[np.float16]
"""Features of the cells of several images, (images, cells, channels), each of unit length."""

Distances = NDArray[np.float32]
"""Of every cell of several images, (images, cells)."""


class Expert(Protocol):
    """Says how far every cell is from what good parts show there."""

    def distances(self, cells: Cells) -> Distances:
        """Return the distances of the cells of several images, (images, cells)."""
        ...

    def accepting(self, cells: Cells) -> "Expert":
        """Return an expert that also takes these images' cells for good, each as it is."""
        ...

    def add_to(self, graph: GraphWriter, cells: str, name: str) -> str:
        """Add the same distances to a graph, for the cells (cells, channels) of one image."""
        ...


@dataclass(frozen=True, slots=True)
class Taught:
    """An expert, and what it would say of each image it was taught on without that image."""

    expert: Expert
    left_out: Distances
