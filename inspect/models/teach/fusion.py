"""Several opinions of a part on one scale, and one score and one map from them.

Each expert's distances are measured in standard deviations of what it says of good parts it was
not taught on. Opinions are fused by a cubic mean, so one sure expert outweighs two unsure ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..graph_writer import GraphWriter
from .expert import Distances

POWER = 3
OFFSET = 3.0  # so that what good parts show is not cut off at zero
TOP_CELLS = 2
LEAST_SPREAD = 0.02  # of the centre: alike images must not make a scale of nothing


@dataclass(frozen=True, slots=True)
class Scale:
    """Centre and spread of an expert's scores of good parts it was not taught on, and how many
    experts it counts for.
    """

    centre: float
    spread: float
    weight: float = 1.0

    @classmethod
    def of(cls, held_out: Distances, weight: float = 1.0) -> Self:
        """Measure the scale on the distances of held-out good images."""
        scores = top_of(held_out)
        centre = float(scores.mean())
        return cls(centre, max(float(scores.std()), LEAST_SPREAD * centre, 1e-6), weight)


def top_of(cells: Distances) -> NDArray[np.float32]:
    """Return the mean of the highest cells of each image, (images,)."""
    return np.asarray(np.sort(cells, axis=1)[:, -TOP_CELLS:].mean(axis=1), np.float32)


def fused_scores(experts: Sequence[Distances], scales: Sequence[Scale]) -> NDArray[np.float32]:
    """Return the fused score of every image, (images,)."""
    cubes = [
        np.maximum((top_of(distances) - scale.centre) / scale.spread + OFFSET, 0) ** POWER
        for distances, scale in zip(experts, scales, strict=True)
    ]
    mean = np.average(cubes, axis=0, weights=[scale.weight for scale in scales])
    return np.asarray(np.cbrt(mean), np.float32)


@dataclass(frozen=True, slots=True)
class Opinion:
    """An expert's distances in the graph, (cells,), on a grid of `shape` (rows, columns)."""

    distances: str
    shape: tuple[int, int]
    scale: Scale


def add_fusion(graph: GraphWriter, opinions: Mapping[str, Opinion], shape: tuple[int, int]) -> None:
    """Add the nodes from the experts' distances to `score` () and `anomaly_map` of `shape`."""
    graph.floats("fusion.power", POWER)
    graph.floats("fusion.root", 1 / POWER)
    graph.floats("fusion.experts", sum(opinion.scale.weight for opinion in opinions.values()))
    tops = {name: _add_top(graph, opinion, name) for name, opinion in opinions.items()}
    maps = {name: _add_map(graph, opinion, name, shape) for name, opinion in opinions.items()}
    for output, inputs in {"score": tops, "anomaly_map": maps}.items():
        cubes = [
            _add_cube(graph, inputs[name], opinion.scale, f"{name}.{output}")
            for name, opinion in opinions.items()
        ]
        _add_cubic_mean(graph, cubes, output)


def _add_top(graph: GraphWriter, opinion: Opinion, name: str) -> str:
    top = [opinion.distances, graph.integers(f"{name}.cells", TOP_CELLS)]
    graph.node("TopK", top, f"{name}.top", f"{name}.places", axis=0)
    return graph.node("ReduceMean", [f"{name}.top"], f"{name}.highest", axes=[0], keepdims=0)


def _add_map(graph: GraphWriter, opinion: Opinion, name: str, shape: tuple[int, int]) -> str:
    """Add an expert's map, enlarged to `shape` where its cells are larger."""
    grid = graph.integers(f"{name}.grid", 1, 1, *opinion.shape)
    x = graph.node("Reshape", [opinion.distances, grid], f"{name}.own_map")
    if opinion.shape != shape:
        sizes = graph.integers(f"{name}.size", 1, 1, *shape)
        x = graph.node("Resize", [x, "", "", sizes], f"{name}.enlarged", mode="linear")
    return graph.node("Reshape", [x, graph.integers(f"{name}.shape", *shape)], f"{name}.map")


def _add_cube(graph: GraphWriter, value: str, scale: Scale, name: str) -> str:
    slope = graph.floats(f"{name}.slope", 1 / scale.spread)
    shift = graph.floats(f"{name}.shift", OFFSET - scale.centre / scale.spread)
    x = graph.node("Mul", [value, slope], f"{name}.sloped")
    x = graph.node("Add", [x, shift], f"{name}.scaled")
    x = graph.node("Relu", [x], f"{name}.above")
    x = graph.node("Pow", [x, "fusion.power"], f"{name}.cubed")
    if scale.weight == 1:
        return x
    return graph.node("Mul", [x, graph.floats(f"{name}.weight", scale.weight)], f"{name}.weighed")


def _add_cubic_mean(graph: GraphWriter, cubes: Sequence[str], output: str) -> None:
    total = cubes[0]
    for number, cube in enumerate(cubes[1:], 1):
        total = graph.node("Add", [total, cube], f"{output}.sum{number}")
    mean = graph.node("Div", [total, "fusion.experts"], f"{output}.mean")
    graph.node("Pow", [mean, "fusion.root"], output)
