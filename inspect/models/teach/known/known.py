"""What is known of defects: how much each cell speaks for one, and for which."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from ...answer import CLASS_MAP
from ...graph_writer import GraphWriter
from ..expert import Distances
from .cells import Joined
from .discriminant import LENGTH_FLOOR, Discriminant, Floats

PARDONED_CELLS = 64
PARDONED_COSINE = 0.9
PARDON = 100.0
"""Taken off for each unit of cosine above that: ten standard deviations for the very same cell."""


@dataclass(frozen=True, slots=True)
class KnownDefects:
    """The discriminant, and of each class what it says of good parts not taught on: centre and
    spread (classes,) of their scores.

    `cutoff` is the cosine from which a cell looks like a class. `pardoned` (cells, channels) are
    unit vectors of cells that were found to be good: what is like them speaks for no defect.
    """

    discriminant: Discriminant
    centre: Floats
    spread: Floats
    cutoff: float
    pardoned: Floats

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.centre)

    def distances(self, cells: Joined) -> Distances:
        """Return how much cells speak for any known defect, (images, cells): the highest of the
        classes, each in standard deviations of what it says of good parts.
        """
        along = self.discriminant.turned(cells) @ self.discriminant.towards
        strange = ((along - self.centre) / self.spread).max(axis=2)
        return np.asarray(strange - self._pardon(cells), np.float32)

    def accepting(self, cells: Joined) -> Self:
        """Return the same, but that it pardons the cells of these images that speak loudest."""
        more = [self.pardoned]
        for image, distances in zip(cells, self.distances(cells), strict=True):
            loudest = np.argsort(-distances, kind="stable")[:PARDONED_CELLS]
            more.append(self.discriminant.directions(image[loudest]))
        return replace(self, pardoned=np.concatenate(more))

    def _pardon(self, cells: Joined) -> Floats:
        if not len(self.pardoned):
            return np.zeros(cells.shape[:2], np.float32)
        alike = (self.discriminant.directions(cells) @ self.pardoned.T).max(axis=2)
        return np.asarray(PARDON * np.maximum(alike - PARDONED_COSINE, 0), np.float32)

    def add_to(self, graph: GraphWriter, cells: str, shape: tuple[int, int]) -> str:
        """Add the distances (cells,) for the cells of one image, and the output `class_map` of
        (classes, *shape); return the name of the distances.
        """
        mean = graph.floats("defects.mean", self.discriminant.mean)
        root = graph.halves("defects.root", self.discriminant.root)
        x = graph.node("Sub", [cells, mean], "defects.centred")
        turned = graph.node("MatMul", [x, root], "defects.turned")
        towards = graph.floats("defects.towards", self.discriminant.towards)
        along = graph.node("MatMul", [turned, towards], "defects.along")
        self._add_class_map(graph, turned, along, shape)
        x = graph.node("Sub", [along, graph.floats("defects.centre", self.centre)], "defects.above")
        x = graph.node("Div", [x, graph.floats("defects.spread", self.spread)], "defects.scaled")
        x = graph.node("ReduceMax", [x], "defects.loudest", axes=[1], keepdims=0)
        return self._add_pardon(graph, turned, x) if len(self.pardoned) else x

    def _add_pardon(self, graph: GraphWriter, turned: str, loudest: str) -> str:
        x = graph.node("Div", [turned, "defects.some_length"], "defects.directions")
        pardoned = graph.floats("defects.pardoned", self.pardoned.T)
        x = graph.node("MatMul", [x, pardoned], "defects.alike")
        x = graph.node("ReduceMax", [x], "defects.most_alike", axes=[1], keepdims=0)
        x = graph.node(
            "Sub", [x, graph.floats("defects.pardoned_from", PARDONED_COSINE)], "defects.p1"
        )
        x = graph.node("Relu", [x], "defects.p2")
        x = graph.node("Mul", [x, graph.floats("defects.pardon_of", PARDON)], "defects.pardon")
        return graph.node("Sub", [loudest, x], "defects.strange")

    def _add_class_map(
        self, graph: GraphWriter, turned: str, along: str, shape: tuple[int, int]
    ) -> None:
        x = graph.node("ReduceL2", [turned], "defects.length", axes=[1], keepdims=1)
        x = graph.node(
            "Max", [x, graph.floats("defects.floor", LENGTH_FLOOR)], "defects.some_length"
        )
        x = graph.node("Div", [along, x], "defects.cosine")
        x = graph.node("Sub", [x, graph.floats("defects.cutoff", self.cutoff)], "defects.like")
        x = graph.node("Transpose", [x], "defects.by_class", perm=[1, 0])
        graph.node("Reshape", [x, graph.integers("defects.shape", self.classes, *shape)], CLASS_MAP)


def cosines(discriminant: Discriminant, cells: Floats) -> Floats:
    """Return the cosine between cells (..., channels) and every class, (..., classes)."""
    return np.asarray(discriminant.directions(cells) @ discriminant.towards, np.float32)
