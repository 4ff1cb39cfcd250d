"""What is known of defects: how much each cell speaks for one, and for which."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from ...answer import CLASS_MAP
from ...graph_writer import GraphWriter
from ..expert import Distances
from ..pardon import Pardoned, add_length
from .cells import Joined
from .discriminant import Discriminant, Floats

PARDONED_CELLS = 64
"""Of an image that is taken for good as it is: the loudest ones."""


@dataclass(frozen=True, slots=True)
class KnownDefects:
    """The discriminant, and of each class what it says of good parts not taught on: centre and
    spread (classes,) of their scores.

    `cutoff` is the cosine from which a cell looks like a class. `pardoned` are cells that
    were found to be good.
    """

    discriminant: Discriminant
    centre: Floats
    spread: Floats
    cutoff: float
    pardoned: Pardoned

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
        return np.asarray(strange - self.pardoned.off(self.discriminant.turned(cells)), np.float32)

    def accepting(self, cells: Joined) -> Self:
        """Return the same, but that it pardons the cells of these images that speak loudest."""
        pardoned = self.pardoned
        for image, distances in zip(cells, self.distances(cells), strict=True):
            loudest = np.argsort(-distances, kind="stable")[:PARDONED_CELLS]
            pardoned = pardoned.and_also(self.discriminant.directions(image[loudest]))
        return replace(self, pardoned=pardoned)

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
        length = add_length(graph, turned, "defects")
        self._add_class_map(graph, along, length, shape)
        x = graph.node("Sub", [along, graph.floats("defects.centre", self.centre)], "defects.above")
        x = graph.node("Div", [x, graph.floats("defects.spread", self.spread)], "defects.scaled")
        x = graph.node("ReduceMax", [x], "defects.loudest", axes=[1], keepdims=0)
        return self.pardoned.add_to(graph, x, turned, length, "defects")

    def _add_class_map(
        self, graph: GraphWriter, along: str, length: str, shape: tuple[int, int]
    ) -> None:
        x = graph.node("Div", [along, length], "defects.cosine")
        x = graph.node("Sub", [x, graph.floats("defects.cutoff", self.cutoff)], "defects.like")
        x = graph.node("Transpose", [x], "defects.by_class", perm=[1, 0])
        graph.node("Reshape", [x, graph.integers("defects.shape", self.classes, *shape)], CLASS_MAP)


def cosines(discriminant: Discriminant, cells: Floats) -> Floats:
    """Return the cosine between cells (..., channels) and every class, (..., classes)."""
    return np.asarray(discriminant.directions(cells) @ discriminant.towards, np.float32)
