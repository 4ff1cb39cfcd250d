"""Several opinions of every cell on one scale, and one map and score from them.

Each expert's distances are measured in standard deviations of what it says of good parts it was
not taught on. Cells are fused by a cubic mean, so one sure expert outweighs two unsure ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..graph_writer import GraphWriter

POWER = 3
OFFSET = 3.0  # so that what good parts show is not cut off at zero
TOP_CELLS = 2
LEAST_SPREAD = 0.02  # of the centre: alike images must not make a scale of nothing

Distances = NDArray[np.float32]
"""Of every cell of several images, (images, cells)."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Centre and spread of an expert's image scores on good parts it was not taught on."""

    centre: float
    spread: float

    @classmethod
    def of(cls, held_out: Distances) -> Self:
        """Measure the scale on the distances of held-out good images."""
        scores = image_scores(held_out)
        centre = float(scores.mean())
        return cls(centre, max(float(scores.std()), LEAST_SPREAD * centre, 1e-6))


def image_scores(cells: Distances) -> NDArray[np.float32]:
    """Return the mean of the highest cells of each image, (images,)."""
    return np.asarray(np.sort(cells, axis=1)[:, -TOP_CELLS:].mean(axis=1), np.float32)


def fused(experts: Sequence[Distances], scales: Sequence[Scale]) -> Distances:
    """Return the fused map of every image, (images, cells); all grids must be the same."""
    cubes = [
        np.maximum((distances - scale.centre) / scale.spread + OFFSET, 0) ** POWER
        for distances, scale in zip(experts, scales, strict=True)
    ]
    return np.asarray(np.cbrt(np.mean(cubes, axis=0)), np.float32)


def add_fusion(
    graph: GraphWriter, experts: Sequence[str], scales: Sequence[Scale], rows: int, columns: int
) -> None:
    """Add the nodes from the experts' distances (cells,) to `anomaly_map` and `score`."""
    power = graph.floats("fusion.power", POWER)
    total = ""
    for expert, scale in zip(experts, scales, strict=True):
        slope = graph.floats(f"{expert}.slope", 1 / scale.spread)
        shift = graph.floats(f"{expert}.shift", OFFSET - scale.centre / scale.spread)
        x = graph.node("Mul", [expert, slope], f"{expert}.sloped")
        x = graph.node("Add", [x, shift], f"{expert}.scaled")
        x = graph.node("Relu", [x], f"{expert}.above")
        x = graph.node("Pow", [x, power], f"{expert}.cubed")
        total = graph.node("Add", [total, x], f"{expert}.sum") if total else x
    mean = graph.node("Div", [total, graph.floats("fusion.experts", len(experts))], "fusion.mean")
    flat = graph.node("Pow", [mean, graph.floats("fusion.root", 1 / POWER)], "fusion.flat")
    graph.node("Reshape", [flat, graph.integers("fusion.grid", rows, columns)], "anomaly_map")
    add_top(graph, flat)


def add_top(graph: GraphWriter, flat: str) -> None:
    """Add the nodes from the fused cells (cells,) to `score`."""
    top = [flat, graph.integers("score.cells", TOP_CELLS)]
    graph.node("TopK", top, "score.top", "score.places", axis=0)
    graph.node("ReduceMean", ["score.top"], "score", axes=[0], keepdims=0)
