"""The anomaly family's form: three experts on two taps, fused into one map."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper
from threadpoolctl import threadpool_limits

from ..graph_writer import GraphWriter
from .features import Cells, Features
from .front import MAP_TAP, PRODUCER, TAPS, Grid, add_front, frame_value
from .fusion import Distances, Scale, add_fusion, fused, image_scores
from .gaussian import PositionGaussian
from .memory import CellMemory

MOST_FOLDS = 10


class Expert(Protocol):
    """Says how far every cell is from what good parts show there."""

    def distances(self, cells: Cells) -> Distances:
        """Return the distances of the cells of several images, (images, cells)."""
        ...

    def add_to(self, graph: GraphWriter, cells: str, name: str) -> str:
        """Add the same to a graph, for the cells of one image."""
        ...


@dataclass(frozen=True, slots=True)
class Role:
    """An expert's name, the tap it looks at, and how it is taught."""

    name: str
    tap: str
    fit: Callable[[Cells], Expert]


ROLES = (
    Role("position7", "t7", PositionGaussian.fit),
    Role("position14", "t14", PositionGaussian.fit),
    Role("memory7", "t7", CellMemory.fit),
)


@dataclass(frozen=True, slots=True)
class AnomalyModel:
    """Taught experts with their scales, and the scores of good parts they were not taught on."""

    grid: Grid
    experts: tuple[Expert, ...]
    scales: tuple[Scale, ...]
    held_out_scores: NDArray[np.float32]

    def graph(self) -> onnx.ModelProto:
        """Return the whole path from frame to `score` () and `anomaly_map` (rows, columns)."""
        graph = GraphWriter()
        cells = add_front(graph)
        names = []
        for role, expert in zip(ROLES, self.experts, strict=True):
            name = expert.add_to(graph, cells[role.tap], role.name)
            covering = graph.constant(f"{role.name}.covering", self.grid.covering(role.tap))
            names.append(graph.node("Gather", [name, covering], f"{role.name}.map"))
        add_fusion(graph, names, self.scales, *self.grid.shape)
        outputs = [
            helper.make_tensor_value_info("score", TensorProto.FLOAT, []),
            helper.make_tensor_value_info("anomaly_map", TensorProto.FLOAT, self.grid.shape),
        ]
        return graph.model("anomaly", PRODUCER, [frame_value(self.grid)], outputs)

    def maps(self, features: Features) -> Distances:
        """Return the fused map of every image, (images, cells), as the graph would."""
        return fused(opinions(self.experts, features, self.grid), self.scales)


def folds_of(images: int) -> int:
    """Return into how many folds that many images are dealt: each image its own, or ten."""
    return min(images, MOST_FOLDS)


def learn(features: Features, grid: Grid, on_round: Callable[[int], None]) -> AnomalyModel:
    """Learn what is good; `on_round` hears when each fold, and then the whole, is learned."""
    with threadpool_limits(1, "blas"):  # more threads fight over matrices as small as these
        held_out = held_out_opinions(features, grid, on_round)
        experts = tuple(role.fit(features[role.tap]) for role in ROLES)
    on_round(folds_of(len(features[MAP_TAP])) + 1)
    scales = tuple(Scale.of(distances) for distances in held_out)
    return AnomalyModel(grid, experts, scales, image_scores(fused(held_out, scales)))


def held_out_opinions(
    features: Features, grid: Grid, on_round: Callable[[int], None]
) -> list[Distances]:
    """Return each expert's distances of every image, taught on the other folds alone."""
    images = len(features[MAP_TAP])
    fold_of = np.random.default_rng(0).permutation(images) % folds_of(images)
    held_out = [np.empty((images, grid.cells(MAP_TAP)), np.float32) for _ in ROLES]
    for fold in range(folds_of(images)):
        kept_out = fold_of == fold
        experts = [role.fit(features[role.tap][~kept_out]) for role in ROLES]
        unseen = {tap: features[tap][kept_out] for tap in TAPS}
        for all_of, distances in zip(held_out, opinions(experts, unseen, grid), strict=True):
            all_of[kept_out] = distances
        on_round(fold + 1)
    return held_out


def opinions(experts: Sequence[Expert], features: Features, grid: Grid) -> list[Distances]:
    """Return each expert's distances on the map's grid, (images, cells)."""
    return [
        expert.distances(features[role.tap])[:, grid.covering(role.tap)]
        for role, expert in zip(ROLES, experts, strict=True)
    ]
